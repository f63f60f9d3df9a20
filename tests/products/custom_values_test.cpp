// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The custom balancer's values, what a reload leaves of them, and its algorithms' options.
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;
using test::text;

TEST_CASE("A custom balancer's hash is of what its description says, and as long")
{
    // As Traefik names its servers.
    StickyTrial trial(
        custom,
        {{"value", text("sha256")}, {"value-of", text("url")}, {"digits", std::int64_t {16}}});
    CHECK(trial.recall("sticky=" + sha256Hex("http://10.0.0.2:8000").substr(0, 16)).names
          == ReplicaIndex {1});
    StickyTrial named(custom, {{"value", text("md5")}, {"value-of", text("name")}});
    CHECK(named.recall("sticky=" + md5Hex("s3")).names == ReplicaIndex {2});
}

TEST_CASE("What stands before a custom balancer's separator does not count")
{
    StickyTrial trial(custom, {{"separator", text(".")}});
    CHECK(trial.ask("sticky=bogus").cookie.starts_with("sticky=.s"));
    CHECK(trial.recall("sticky=session.s2").names == ReplicaIndex {1});
    CHECK(trial.recall("sticky=.s2").names == ReplicaIndex {1});
    CHECK(trial.recall("sticky=s2").state == CookieIn::unknown);
}

TEST_CASE(
    "An encrypted cookie changes with each answer, and each of its values leads to one server")
{
    StickyTrial trial(custom, {{"lookup", text("encrypted")}, {"emit", text("always")}});
    const auto first = trial.ask();
    std::vector<std::string> values {first.cookie};
    for (int count = 0; count < 5; ++count) {
        const auto next = trial.ask(values.back());
        CHECK(next.decision.replica == first.decision.replica);
        CHECK(next.out == CookieOut::refreshed);
        CHECK(std::find(values.begin(), values.end(), next.cookie) == values.end());
        values.push_back(next.cookie);
    }
    for (const std::string& value : values)
        CHECK(trial.recall(value).names == first.decision.replica);
    std::string tampered = first.cookie;
    tampered.at(20) = tampered.at(20) == 'A' ? 'B' : 'A';
    CHECK(trial.recall(tampered).state == CookieIn::unknown);
    CHECK(trial.recall("sticky=s2").state == CookieIn::unknown);
}

TEST_CASE("A balancer reads another one's encrypted cookie where both have the same secret")
{
    const auto cookieOf = [](const Settings& given, std::uint64_t seed) {
        const BalancerSpec spec = StickyTrial::specOf(custom, given, {});
        StickyTrial one(spec);
        one.dispatcher = Dispatcher(spec, StickyTrial::three(), Chance {seed});
        StickyTrial other(spec);
        return other.recall(one.ask().cookie).state;
    };
    const Settings own {{"lookup", text("encrypted")}};
    const Settings shared {{"lookup", text("encrypted")}, {"secret", text("k")}};
    CHECK(cookieOf(own, 2) == CookieIn::unknown);
    CHECK(cookieOf(shared, 2) == CookieIn::valid);
    CHECK(cookieOf({{"value", text("random")}}, 2) == CookieIn::unknown);
}

TEST_CASE("An encrypted cookie holds its dates, and they count")
{
    StickyTrial trial(custom,
                      {{"lookup", text("encrypted")},
                       {"expiry", text("idle-and-life")},
                       {"maxidle", Duration(10s)},
                       {"maxlife", Duration(25s)}});
    auto answer = trial.ask();
    for (int count = 0; count < 2; ++count) {
        trial.now += 10s;
        answer = trial.ask(answer.cookie);
        CHECK(answer.recall.state == CookieIn::valid);
        CHECK(answer.out == CookieOut::refreshed);
    }
    trial.now += 6s;
    CHECK(trial.recall(answer.cookie).state == CookieIn::expired); // its life, from the first
}

TEST_CASE("A custom balancer's reload keeps its turns, its cookies, or nothing")
{
    const auto after = [](const char* keeps, const Settings& cookie) {
        BalancerSpec spec = StickyTrial::specOf(custom, cookie, {{"reload", text(keeps)}});
        spec.algorithm = "round-robin";
        StickyTrial trial(spec);
        const auto first = trial.ask();
        trial.dispatcher.reload(spec, Chance {7});
        const CookieIn state = trial.recall(first.cookie).state;
        return std::pair(state, trial.ask().decision.replica != first.decision.replica);
    };
    using Met = std::pair<CookieIn, bool>; // its cookie; whether the next one had its turn
    const Settings encrypted {{"lookup", text("encrypted")}};
    const Settings random {{"value", text("random")}};
    for (const Settings& cookie : {encrypted, random}) {
        CHECK(after("keeps-turns", cookie) == Met(CookieIn::valid, true));
        CHECK(after("keeps-cookies", cookie) == Met(CookieIn::valid, false));
        CHECK(after("keeps-nothing", cookie) == Met(CookieIn::unknown, false));
    }
    // A name is the same whoever begins anew.
    CHECK(after("keeps-nothing", {}) == Met(CookieIn::valid, false));
}

TEST_CASE("A custom balancer's algorithm has its options, and hashes what it is told")
{
    BalancerSpec spec {.product = "custom", .algorithm = "caddy-xxhash", .sticky = std::nullopt};
    spec.settings = {{"hash-on", text("header")}, {"hash-name", text("X-User")}};
    StickyTrial trial(spec);
    std::set<ReplicaIndex> met;
    for (const char* user : {"ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal"}) {
        trial.headers.clear();
        trial.headers.add("X-User", user);
        const ReplicaIndex first = trial.ask().decision.replica;
        CHECK(trial.ask().decision.replica == first);
        met.insert(first);
    }
    CHECK(met.size() > 1);
    // By the address alone, whatever is set.
    spec.algorithm = "haproxy-source";
    CHECK(custom.hashKey(spec).of == HashKey::Of::source);

    // Whoever looks at all servers never draws a busy one.
    spec = {.product = "custom", .algorithm = "envoy-least-request", .sticky = std::nullopt};
    spec.settings = {{"full-scan", true}};
    StickyTrial scanning(spec);
    std::set<ReplicaIndex> three;
    for (int count = 0; count < 3; ++count)
        three.insert(scanning.ask().decision.replica);
    CHECK(three.size() == 3);
}

TEST_CASE("A retry comes to another server also where a bias puts all others far off")
{
    BalancerSpec spec {.product = "custom", .algorithm = "envoy-least-request"};
    spec.settings = {{"active-request-bias", 50.0}};
    ReplicaSet set;
    for (std::size_t place = 0; place < 3; ++place) {
        ReplicaView view = test::serverAt(place);
        view.weight = place == 0 ? 3 : 1;
        set.add(view);
    }
    StickyTrial trial(spec, set);
    for (int count = 0; count < 60; ++count) {
        trial.ask("sticky=s2");
        trial.ask("sticky=s3");
    }
    trial.avoid = ReplicaIndex {0};
    for (int count = 0; count < 3; ++count)
        CHECK(trial.ask().decision.replica != ReplicaIndex {0});
}
