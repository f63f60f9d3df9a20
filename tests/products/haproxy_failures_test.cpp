// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// As measured on HAProxy 2.6.12 (tests/interop/broken_off.py), and by its source.
#include "sim/products/haproxy_failures.h"

#include "tests/support/lone_trial.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

BalancerSpec haproxyWith(Settings settings)
{
    return {.product = "haproxy", .sticky = std::nullopt, .settings = std::move(settings)};
}

} // namespace

TEST_CASE("HAProxy sends an answer's request again by its status, to the same server")
{
    LoneTrial trial(haproxyWith({{"retry-on", text("503")}}));
    trial.statuses['a'] = 503;
    CHECK(trial.ask() == "aaaa 503");
    CHECK(trial.ask() == "b 200");
    CHECK(trial.ask() == "c 200");
    // Whatever the method.
    CHECK(trial.ask("POST") == "aaaa 503");
}

TEST_CASE("With option redispatch a request that no cookie leads goes elsewhere at once")
{
    LoneTrial trial(haproxyWith({{"retry-on", text("503")}, {"redispatch", true}}));
    trial.statuses['a'] = 503;
    CHECK(trial.ask() == "ab 200");
    LoneTrial reset(haproxyWith({{"retry-on", text("empty-response")}, {"redispatch", true}}));
    reset.faults['a'] = Fault::reset;
    CHECK(reset.ask("POST") == "ab 200");
}

TEST_CASE("retry-on says which failures are tried again")
{
    const auto trail = [](const char* words, Fault fault) {
        LoneTrial trial(haproxyWith({{"retry-on", text(words)}}));
        trial.faults['a'] = fault;
        return trial.ask();
    };
    CHECK(trail("503", Fault::refused) == "a 503");
    CHECK(trail("none", Fault::refused) == "a 503");
    CHECK(trail("conn-failure", Fault::refused) == "aaaa 503");
    CHECK(trail("conn-failure", Fault::reset) == "a 502");
    CHECK(trail("empty-response", Fault::reset) == "aaaa 502");
    CHECK(trail("empty-response", Fault::malformed) == "a 502");
    CHECK(trail("junk-response", Fault::malformed) == "aaaa 502");
    CHECK(trail("all-retryable-errors", Fault::malformed) == "aaaa 502");
    CHECK(trail("conn-failure", Fault::timedOut) == "a 504");
    CHECK(trail("response-timeout", Fault::timedOut) == "aaaa 504");
    CHECK(trail("all-retryable-errors", Fault::timedOut) == "aaaa 504");
    LoneTrial all(haproxyWith({{"retry-on", text("all-retryable-errors")}}));
    all.statuses = {{'a', 500}, {'b', 501}};
    CHECK(all.ask() == "aaaa 500");
    CHECK(all.ask() == "b 501");
}

TEST_CASE("A bound request is redispatched at the retries that the interval names")
{
    const auto actions = [](std::int64_t interval, std::int64_t retries) {
        BalancerSpec spec = haproxyWith({{"redispatch", true}, {"retries", retries}});
        if (interval != -1)
            spec.settings.set("redispatch-interval", interval);
        std::string all;
        for (int number = 0; number <= retries; ++number) {
            const OnFailure next = haproxyFailed(
                spec, {.number = number, .bound = Bound::yes, .replicas = 3, .known = 3});
            all += next.action == OnFailure::Action::sameAgain ? 's'
                : next.action == OnFailure::Action::another    ? 'a'
                                                               : '.';
        }
        return all;
    };
    CHECK(actions(-1, 3) == "ssa.");
    CHECK(actions(1, 3) == "aaa.");
    CHECK(actions(2, 5) == "sasas.");
    CHECK(actions(-2, 4) == "ssas.");
    CHECK(actions(0, 3) == "sss.");
}

TEST_CASE("HAProxy waits before it tries the same server again, and not where it takes turns")
{
    BalancerSpec spec = haproxyWith({{"redispatch", true}});
    const Attempt fresh {.replicas = 3, .known = 3};
    CHECK(haproxyFailed(spec, fresh).wait == 0s);
    const Attempt bound {.bound = Bound::yes, .replicas = 3, .known = 3};
    CHECK(haproxyFailed(spec, bound).wait == 1s);
    spec.algorithm = "leastconn";
    CHECK(haproxyFailed(spec, fresh).action == OnFailure::Action::sameAgain);
    CHECK(haproxyFailed(spec, fresh).wait == 1s);
    spec.algorithm = {};
    const Attempt alone {.replicas = 1, .known = 3};
    CHECK(haproxyFailed(spec, alone).action == OnFailure::Action::sameAgain);
    spec.settings.set("retry-on", text("503"));
    CHECK(haproxyFailed(spec,
                        {.fault = Fault::answered,
                         .bound = Bound::yes,
                         .replicas = 3,
                         .known = 3,
                         .status = 503})
              .wait
          == 0s);
}

TEST_CASE("observe layer7 counts answers of 500 and above, observe layer4 connections alone")
{
    const auto metUntilOut = [](const char* layer, int status, std::optional<Fault> fault) {
        BalancerSpec spec =
            haproxyWith({{"observe", text(layer)}, {"error-limit", std::int64_t {2}}});
        spec.settings.set("retries", std::int64_t {0});
        spec.healthCheck = HealthCheck {.every = 1s};
        LoneTrial trial(spec);
        trial.statuses['a'] = status;
        if (fault)
            trial.faults['a'] = *fault;
        int met = 0;
        for (int number = 0; number < 30; ++number)
            met += trial.ask()[0] == 'a' ? 1 : 0;
        return met;
    };
    CHECK(metUntilOut("layer7", 500, {}) == 2);
    CHECK(metUntilOut("layer7", 501, {}) == 10);
    CHECK(metUntilOut("layer7", 404, {}) == 10);
    CHECK(metUntilOut("layer7", 200, Fault::reset) == 2);
    CHECK(metUntilOut("layer7", 200, Fault::timedOut) == 2);
    CHECK(metUntilOut("layer7", 200, Fault::malformed) == 2);
    CHECK(metUntilOut("layer4", 200, Fault::malformed) == 10);
    CHECK(metUntilOut("layer4", 500, {}) == 10);
    CHECK(metUntilOut("layer4", 200, Fault::reset) == 10);
    CHECK(metUntilOut("layer4", 200, Fault::refused) == 2);
    CHECK(metUntilOut("none", 500, {}) == 10);
}
