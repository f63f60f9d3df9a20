// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Caddy has had since 2.6, and what 2.6 does without it, measured on 2.6.2.
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

BalancerSpec current()
{
    return StickyTrial::specOf(caddy, {}, {{"version", test::text("current")}});
}

} // namespace

TEST_CASE("Caddy 2.6 sets a path and nothing else, whatever it is told, and over TLS too")
{
    BalancerSpec spec = StickyTrial::specOf(caddy, {}, {});
    spec.sticky->maxAge = 1h;
    StickyTrial trial(spec);
    for (const bool secure : {false, true}) {
        CAPTURE(secure);
        trial.secure = secure;
        const auto first = trial.ask();
        REQUIRE(first.setCookies.size() == 1);
        CHECK(first.setCookies[0].starts_with("lb="));
        // Of its 64 digits the last stands before the path.
        CHECK(first.setCookies[0].substr(3 + 64) == "; Path=/");
        CHECK(trial.ask(first.cookie).recall.bound);
        CHECK(trial.ask(first.cookie).setCookies.empty());
    }
}

TEST_CASE("Caddy 2.6 overlooks the fallback of its cookie, and picks at random")
{
    BalancerSpec spec = StickyTrial::specOf(caddy, {}, {});
    spec.algorithm = "first";
    StickyTrial trial(spec);
    std::set<ReplicaIndex> met;
    for (int time = 0; time < 30; ++time) {
        const auto fresh = trial.ask();
        met.insert(fresh.decision.replica);
        CHECK(fresh.recall.rule->sentence.find("at random") != std::string_view::npos);
    }
    CHECK(met.size() == 3);
    // Without a cookie its policies are its own.
    spec.sticky.reset();
    StickyTrial alone(spec);
    for (int time = 0; time < 5; ++time)
        CHECK(alone.ask().decision.replica == ReplicaIndex {0});
}

TEST_CASE("Of the current Caddy the fallback places fresh requests, and a cookie goes before it")
{
    BalancerSpec spec = current();
    spec.algorithm = "first";
    StickyTrial trial(spec);
    for (int time = 0; time < 5; ++time)
        CHECK(trial.ask().decision.replica == ReplicaIndex {0});
    trial.dispatcher.tell(ReplicaIndex {0}, false, {});
    const auto other = trial.ask();
    CHECK(other.decision.replica == ReplicaIndex {1});
    trial.dispatcher.tell(ReplicaIndex {0}, true, {});
    CHECK(trial.ask(other.cookie).decision.replica == ReplicaIndex {1});
    CHECK(trial.ask().decision.replica == ReplicaIndex {0});
}

TEST_CASE("The current Caddy's cookie may have an age, which is not renewed")
{
    BalancerSpec spec = current();
    spec.sticky->maxAge = 1h;
    StickyTrial trial(spec);
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 1);
    CHECK(first.setCookies[0].ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"));
    const auto bound = trial.ask(first.cookie);
    CHECK(bound.recall.bound);
    CHECK(bound.setCookies.empty());
    trial.secure = true;
    CHECK(trial.ask().setCookies.at(0).ends_with(
        "; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=None"));
}

TEST_CASE("The current Caddy's cookie is Lax over http, and for other sites' pages over TLS")
{
    StickyTrial trial(current());
    CHECK(trial.ask().setCookies.at(0).ends_with("; Path=/; HttpOnly; SameSite=Lax"));
    trial.secure = true;
    CHECK(trial.ask().setCookies.at(0).ends_with("; Path=/; HttpOnly; Secure; SameSite=None"));
}

TEST_CASE("Caddy 2.6 refuses the policies that came later, and each version says its number")
{
    for (const char* newer : {"query", "client_ip_hash", "weighted_round_robin"}) {
        CAPTURE(newer);
        BalancerSpec spec {.product = "caddy", .algorithm = newer};
        CHECK(caddy.refuses(spec).find(newer) != std::string::npos);
        spec.settings.set("version", test::text("current"));
        CHECK(caddy.refuses(spec).empty());
        CHECK(versionOf(caddy, spec) == "2.11.9");
    }
    CHECK(caddy.refuses({.product = "caddy", .algorithm = "first"}).empty());
    CHECK(versionOf(caddy, {.product = "caddy"}) == "2.6.2");
    CHECK(versionOf(traefik, {.product = "traefik"}) == traefik.follows);
}

TEST_CASE("It hashes a parameter of the query, and a request without it goes anywhere")
{
    BalancerSpec spec {.product = "caddy", .algorithm = "query", .sticky = std::nullopt};
    spec.settings.set("version", test::text("current"));
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
