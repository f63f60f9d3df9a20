// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Passive checks: what clients' failed requests do to a server.
#include "tests/support/sticky_trial.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;

namespace {

constexpr ReplicaIndex first {0};

struct Row
{
    const Product* product;
    Settings settings;
    int failures;
    Duration out;
};

const std::vector<Row> rows {
    {&traefik,
     {{"max-failed-attempts", std::int64_t {3}}, {"failure-window", Duration(20s)}},
     3,
     20s},
    {&traefik, {{"failure-window", Duration(20s)}}, 1, 20s},
    {&envoy,
     {{"consecutive-gateway-failure", std::int64_t {5}},
      {"base-ejection-time", Duration(15s)},
      {"max-ejection-percent", std::int64_t {34}}},
     5,
     15s},
    {&envoy,
     {{"consecutive-gateway-failure", std::int64_t {2}},
      {"max-ejection-percent", std::int64_t {100}}},
     2,
     30s},
    {&caddy, {{"fail-duration", Duration(10s)}, {"max-fails", std::int64_t {2}}}, 2, 10s},
};

Instant at(Duration time)
{
    return Instant(time);
}

} // namespace

TEST_CASE("So many failures leave a server out for a while, and then as many are needed again")
{
    for (const Row& row : rows) {
        CAPTURE(row.product->id);
        Dispatcher dispatcher({.product = std::string(row.product->id), .settings = row.settings},
                              test::StickyTrial::three(), Chance {1});
        const auto isUp = [&] { return dispatcher.replicas()[first].up; };
        Duration now = 1s;
        for (int round = 0; round < 2; ++round) {
            for (int failure = 1; failure <= row.failures; ++failure) {
                CHECK(isUp());
                dispatcher.failed(first, {}, at(now));
            }
            CHECK_FALSE(isUp());
            CHECK_FALSE(dispatcher.takeBack(at(now + row.out - 1ms), {}));
            now += row.out;
            CHECK(dispatcher.takeBack(at(now), {}) == first);
            CHECK(isUp());
        }
    }
}

TEST_CASE("Without their settings there are no passive checks")
{
    for (const Product* product : {&traefik, &haproxy, &envoy, &caddy, &custom}) {
        CAPTURE(product->id);
        Dispatcher dispatcher({.product = std::string(product->id)}, test::StickyTrial::three(),
                              Chance {1});
        for (int failure = 0; failure < 50; ++failure)
            dispatcher.failed(first, {}, at(1s));
        CHECK(dispatcher.replicas()[first].up);
    }
}

TEST_CASE("HAProxy's observe marks a server down until as many checks as rise says were good")
{
    BalancerSpec spec {.product = "haproxy", .healthCheck = HealthCheck {.every = 2s}};
    spec.settings = {{"observe", std::string("layer4")}};
    const PassiveCheck rule = haproxy.passive(spec);
    CHECK(rule.failures == 10);
    CHECK(rule.out == 4s);
    spec.healthCheck.reset();
    CHECK(haproxy.passive(spec).failures == 0);
}

TEST_CASE("A success between failures begins their count anew")
{
    Dispatcher dispatcher({.product = "envoy",
                           .settings = {{"consecutive-gateway-failure", std::int64_t {2}},
                                        {"max-ejection-percent", std::int64_t {100}}}},
                          test::StickyTrial::three(), Chance {1});
    for (int count = 0; count < 5; ++count) {
        dispatcher.failed(first, {}, at(1s));
        dispatcher.assigned(first, Bound::no, {});
        dispatcher.released({.replica = first});
    }
    CHECK(dispatcher.replicas()[first].up);
}

TEST_CASE("Envoy ejects no more servers than max_ejection_percent allows: measured on 1.40")
{
    // How many servers there are, the setting, and how many of them are ejected when all fail.
    struct Share
    {
        std::size_t servers;
        std::int64_t percent;
        long ejected;
    };
    for (const Share& row : {Share {3, 10, 0}, Share {3, 34, 1}, Share {3, 67, 2}, Share {4, 50, 2},
                             Share {10, 20, 2}, Share {10, 25, 2}, Share {3, 100, 3}}) {
        CAPTURE(row.servers);
        CAPTURE(row.percent);
        ReplicaSet set;
        for (std::size_t place = 0; place < row.servers; ++place)
            set.add(test::serverAt(place));
        Dispatcher dispatcher({.product = "envoy",
                               .settings = {{"consecutive-gateway-failure", std::int64_t {2}},
                                            {"max-ejection-percent", row.percent}}},
                              set, Chance {1});
        for (std::size_t turn = 0; turn < 8 * row.servers; ++turn)
            dispatcher.failed(static_cast<ReplicaIndex>(turn % row.servers), {}, at(1s));
        CHECK(std::count_if(dispatcher.replicas().begin(), dispatcher.replicas().end(),
                            [](const ReplicaView& replica) { return !replica.up; })
              == row.ejected);
    }
}

TEST_CASE("What counts as a failure is Envoy's to say: any 5xx, or those of gateways")
{
    // The setting, the answers' status, and whether three of them eject: measured on 1.40.
    struct Answers
    {
        std::string_view setting;
        int status;
        bool ejects;
    };
    for (const Answers& row :
         {Answers {"consecutive-5xx", 500, true}, Answers {"consecutive-5xx", 503, true},
          Answers {"consecutive-5xx", 404, false},
          Answers {"consecutive-gateway-failure", 500, false},
          Answers {"consecutive-gateway-failure", 503, true}}) {
        CAPTURE(row.setting);
        CAPTURE(row.status);
        Dispatcher dispatcher({.product = "envoy",
                               .settings = {{std::string(row.setting), std::int64_t {3}},
                                            {"max-ejection-percent", std::int64_t {100}}}},
                              test::StickyTrial::three(), Chance {1});
        for (int number = 0; number < 3; ++number) {
            CHECK(dispatcher.replicas()[first].up);
            dispatcher.assigned(first, Bound::no, {});
            dispatcher.released({.replica = first, .now = at(1s), .status = row.status});
        }
        CHECK(dispatcher.replicas()[first].up != row.ejects);
    }
}
