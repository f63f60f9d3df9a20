// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Caddy has had from 2.7 on.
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("Caddy's cookie may have an age, which is not renewed")
{
    BalancerSpec spec = StickyTrial::specOf(caddy, {}, {});
    CHECK(StickyTrial(spec).ask().setCookies.at(0).ends_with("; Path=/"));
    spec.sticky->maxAge = 1h;
    StickyTrial trial(spec);
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 1);
    CHECK(first.setCookies[0].starts_with("lb="));
    CHECK(first.setCookies[0].ends_with("; Path=/; Max-Age=3600"));
    const auto bound = trial.ask(first.cookie);
    CHECK(bound.recall.bound);
    CHECK(bound.setCookies.empty());
}

TEST_CASE("Its fallback places fresh requests, and a cookie goes before it")
{
    BalancerSpec spec = StickyTrial::specOf(caddy, {}, {});
    spec.algorithm = "first";
    StickyTrial trial(spec);
    for (int time = 0; time < 5; ++time)
        CHECK(trial.ask().decision.replica == ReplicaIndex {0});
    trial.dispatcher.setUp(ReplicaIndex {0}, false);
    const auto other = trial.ask();
    CHECK(other.decision.replica == ReplicaIndex {1});
    trial.dispatcher.setUp(ReplicaIndex {0}, true);
    CHECK(trial.ask(other.cookie).decision.replica == ReplicaIndex {1});
    CHECK(trial.ask().decision.replica == ReplicaIndex {0});
}

TEST_CASE("Over TLS the cookie is for other sites' pages as well")
{
    BalancerSpec spec = StickyTrial::specOf(caddy, {}, {});
    spec.sticky->maxAge = 1h;
    StickyTrial trial(spec);
    trial.secure = true;
    CHECK(trial.ask().setCookies.at(0).ends_with("; Path=/; Max-Age=3600; Secure; SameSite=None"));
    trial.secure = false;
    CHECK(trial.ask().setCookies.at(0).ends_with("; Path=/; Max-Age=3600"));
}

TEST_CASE("The current version's cookie is HttpOnly, and Lax over http")
{
    Settings current;
    current.set("version", test::text("current"));
    StickyTrial trial(caddy, {}, current);
    CHECK(trial.ask().setCookies.at(0).ends_with("; Path=/; HttpOnly; SameSite=Lax"));
    trial.secure = true;
    CHECK(trial.ask().setCookies.at(0).ends_with("; Path=/; HttpOnly; Secure; SameSite=None"));
}

TEST_CASE("It hashes a parameter of the query, and a request without it goes anywhere")
{
    BalancerSpec spec {.product = "caddy", .algorithm = "query"};
    spec.settings.set("hash-name", test::text("user"));
    StickyTrial trial(spec);
    const auto to = [&](const std::string& target) {
        const http::RequestHead head {.target = target};
        Circumstances circumstances {.draw = Draw(1, 0, 0, 0, Purpose::balancerChoice),
                                     .key = trial.dispatcher.keyOf(head)};
        return trial.dispatcher.place({}, circumstances).replica;
    };
    CHECK(to("/a?user=7") == to("/b?x=1&user=7"));
    bool other = false;
    for (int user = 0; user < 20; ++user)
        other = other || to("/?user=" + std::to_string(user)) != to("/?user=7");
    CHECK(other);
}
