// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Passive checks: what clients' failed requests do to a server.
#include "tests/support/places.h"
#include "tests/support/sticky_trial.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using test::first;
using namespace std::chrono_literals;

namespace {

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

TEST_CASE(
    "Envoy takes back every ten seconds, and leaves out for longer each time: measured on 1.40")
{
    Dispatcher dispatcher({.product = "envoy",
                           .settings = {{"consecutive-gateway-failure", std::int64_t {2}},
                                        {"base-ejection-time", Duration(6s)},
                                        {"max-ejection-percent", std::int64_t {100}}}},
                          test::StickyTrial::three(), Chance {1});
    const auto ejectedUntil = [&](Duration begin, Duration back) {
        CAPTURE(begin);
        dispatcher.failed(first, {}, at(begin));
        CHECK(dispatcher.replicas()[first].up);
        dispatcher.failed(first, {}, at(begin));
        CHECK_FALSE(dispatcher.replicas()[first].up);
        CHECK_FALSE(dispatcher.takeBack(at(back - 1ms), {}));
        CHECK(dispatcher.takeBack(at(back), {}) == first);
        CHECK(dispatcher.replicas()[first].up);
    };
    ejectedUntil(3s, 10s);
    ejectedUntil(10s, 30s); // 12 s
    ejectedUntil(31s, 50s); // 18 s
    ejectedUntil(50s, 80s); // 24 s
    // Two looks have found it in.
    ejectedUntil(101s, 120s); // 18 s
    ejectedUntil(200s, 210s); // 6 s
}

TEST_CASE("Which failures count together is the product's: measured on Caddy, Traefik and nginx")
{
    struct Event
    {
        Duration at;
        int status; ///< 0: it fails
    };
    struct Series
    {
        const Product* product;
        Settings settings;
        std::vector<Event> events;
        Duration asked;
        bool up; ///< then
    };
    const auto caddyWith = [](std::int64_t most, Duration time) -> Settings {
        return {{"max-fails", most}, {"fail-duration", time}};
    };
    const auto traefikWith = [](std::int64_t most, Duration time) -> Settings {
        return {{"max-failed-attempts", most}, {"failure-window", time}};
    };
    const auto nginxWith = [](std::int64_t most, Duration time) -> Settings {
        return {{"max-fails", most}, {"fail-timeout", time}};
    };
    const std::vector<Series> table {
        // Each is forgotten by itself, and a success forgets none.
        {&caddy, caddyWith(2, 4s), {{0s, 0}, {3s, 0}}, 3900ms, false},
        {&caddy, caddyWith(2, 4s), {{0s, 0}, {3s, 0}}, 4300ms, true},
        {&caddy, caddyWith(2, 10s), {{0s, 0}, {1s, 200}, {2s, 0}}, 3s, false},
        {&caddy, caddyWith(3, 4s), {{0s, 0}, {3s, 0}, {6s, 0}}, 6500ms, true},
        // Those of a window, but for those before a success; answers of 500 and above too.
        {&traefik, traefikWith(3, 4s), {{0s, 0}, {3s, 0}, {6s, 0}}, 6500ms, true},
        {&traefik, traefikWith(2, 4s), {{0s, 0}, {3s, 0}}, 6900ms, false},
        {&traefik, traefikWith(2, 4s), {{0s, 0}, {3s, 0}}, 7s, true},
        {&traefik, traefikWith(2, 10s), {{0s, 0}, {1s, 200}, {2s, 0}}, 3s, true},
        {&traefik, traefikWith(2, 10s), {{0s, 503}, {1s, 500}}, 3s, false},
        {&traefik, traefikWith(2, 10s), {{0s, 503}, {1s, 404}, {2s, 503}}, 3s, true},
        // All, until one succeeds that came later than fail_timeout after the last.
        {&nginx, nginxWith(3, 2s), {{0s, 0}, {3s, 0}, {6s, 0}}, 6500ms, false},
        {&nginx, nginxWith(2, 10s), {{0s, 0}, {1s, 200}, {2s, 0}}, 3s, false},
        {&nginx, nginxWith(2, 2s), {{0s, 0}, {5s, 200}, {6s, 0}}, 6500ms, true},
        {&nginx, nginxWith(2, 2s), {{0s, 0}, {1s, 0}, {5s, 0}}, 7s, false},
    };
    for (std::size_t place = 0; place < table.size(); ++place) {
        const Series& row = table[place];
        CAPTURE(row.product->id);
        CAPTURE(place);
        Dispatcher dispatcher({.product = std::string(row.product->id), .settings = row.settings},
                              test::StickyTrial::three(), Chance {1});
        const auto takeBack = [&](Duration time) {
            while (dispatcher.takeBack(at(100s + time), {})) { }
        };
        for (const Event& event : row.events) {
            takeBack(event.at);
            CHECK(dispatcher.replicas()[first].up);
            const Instant now = at(100s + event.at);
            dispatcher.assigned(first, Bound::no, now);
            if (event.status == 0)
                dispatcher.failed(first, {}, now);
            dispatcher.released({.replica = first,
                                 .answered = event.status != 0,
                                 .now = now,
                                 .status = event.status});
        }
        takeBack(row.asked);
        CHECK(dispatcher.replicas()[first].up == row.up);
    }
}

TEST_CASE("A request that waits in vain is a failure too")
{
    for (const Product* product : {&traefik, &caddy, &envoy, &nginx}) {
        CAPTURE(product->id);
        const Settings settings = product == &traefik
            ? Settings {{"max-failed-attempts", std::int64_t {1}}}
            : product == &caddy ? Settings {{"fail-duration", Duration(10s)}}
            : product == &envoy ? Settings {{"consecutive-gateway-failure", std::int64_t {1}},
                                            {"max-ejection-percent", std::int64_t {100}}}
                                : Settings {};
        Dispatcher dispatcher({.product = std::string(product->id), .settings = settings},
                              test::StickyTrial::three(), Chance {1});
        dispatcher.assigned(first, Bound::no, at(1s));
        dispatcher.failed(first, {.fault = Fault::timedOut}, at(1s));
        CHECK_FALSE(dispatcher.replicas()[first].up);
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

TEST_CASE(
    "Beside active checks HAProxy's observe and Traefik leave a server out until those are good")
{
    BalancerSpec spec {.product = "haproxy", .healthCheck = HealthCheck {.every = 2s}};
    spec.settings = {{"observe", std::string("layer4")}, {"error-limit", std::int64_t {2}}};
    Dispatcher dispatcher(spec, test::StickyTrial::three(), Chance {1});
    for (int round = 0; round < 2; ++round) {
        dispatcher.failed(first, {}, at(1s));
        CHECK(dispatcher.replicas()[first].up);
        dispatcher.failed(first, {}, at(1s));
        CHECK_FALSE(dispatcher.replicas()[first].up);
        CHECK_FALSE(dispatcher.takeBack(at(1h), {}));
        CHECK_FALSE(dispatcher.checked(first, true, at(2s)));
        CHECK(dispatcher.checked(first, true, at(4s)));
        CHECK(dispatcher.replicas()[first].up);
    }
    spec.healthCheck.reset();
    CHECK(haproxy.passive(spec).failures == 0);
    BalancerSpec other {.product = "traefik",
                        .settings = {{"max-failed-attempts", std::int64_t {1}}}};
    CHECK_FALSE(traefik.passive(other).untilGood);
    other.healthCheck.emplace();
    CHECK(traefik.passive(other).untilGood);
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

TEST_CASE("What an answer says that ends early, when one more failure leaves its server out")
{
    const Settings passive {{"passive", true}, {"minimal-total-count-threshold", std::int64_t {2}}};
    struct Case
    {
        const Product* product;
        Settings settings;
        AnswerEnd end;
        bool isIn; ///< after a failure, this answer, and a failure
    };
    const Settings twice {{"consecutive-5xx", std::int64_t {2}},
                          {"max-ejection-percent", std::int64_t {100}}};
    const Settings attempts {{"max-failed-attempts", std::int64_t {2}}};
    const std::vector<Case> cases {
        {&envoy, twice, AnswerEnd::whole, true},
        {&envoy, twice, AnswerEnd::brokenOff, false},
        {&envoy, twice, AnswerEnd::clientGone, true},
        {&traefik, attempts, AnswerEnd::whole, true},
        {&traefik, attempts, AnswerEnd::brokenOff, false},
        {&traefik, attempts, AnswerEnd::clientGone, false},
    };
    for (const Case& one : cases) {
        CAPTURE(one.product->id);
        CAPTURE(static_cast<int>(one.end));
        Dispatcher dispatcher({.product = std::string(one.product->id), .settings = one.settings},
                              test::StickyTrial::three(), Chance {1});
        dispatcher.failed(first, {}, at(1s));
        dispatcher.released({.replica = first, .now = at(2s), .end = one.end});
        CHECK(dispatcher.replicas()[first].up);
        dispatcher.failed(first, {}, at(3s));
        CHECK(dispatcher.replicas()[first].up == one.isIn);
    }
    // YARP counts shares: one of two is too many, if it failed.
    for (const AnswerEnd end : {AnswerEnd::whole, AnswerEnd::brokenOff, AnswerEnd::clientGone}) {
        CAPTURE(static_cast<int>(end));
        Dispatcher dispatcher({.product = "yarp", .settings = passive}, test::StickyTrial::three(),
                              Chance {1});
        dispatcher.released({.replica = first, .now = at(1s)});
        dispatcher.released({.replica = first, .now = at(2s), .end = end});
        CHECK(dispatcher.replicas()[first].up == (end != AnswerEnd::brokenOff));
    }
}
