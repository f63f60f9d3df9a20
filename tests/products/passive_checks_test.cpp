// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Passive checks: what clients' failed requests do to a server.
#include "tests/support/sticky_trial.h"

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
     {{"consecutive-gateway-failure", std::int64_t {5}}, {"base-ejection-time", Duration(15s)}},
     5,
     15s},
    {&envoy, {{"consecutive-gateway-failure", std::int64_t {2}}}, 2, 30s},
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
    Dispatcher dispatcher(
        {.product = "envoy", .settings = {{"consecutive-gateway-failure", std::int64_t {2}}}},
        test::StickyTrial::three(), Chance {1});
    for (int count = 0; count < 5; ++count) {
        dispatcher.failed(first, {}, at(1s));
        dispatcher.assigned(first, Bound::no);
        dispatcher.released({.replica = first});
    }
    CHECK(dispatcher.replicas()[first].up);
}
