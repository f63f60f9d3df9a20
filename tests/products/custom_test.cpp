// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
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

namespace {

std::string text(const char* words)
{
    return words;
}

} // namespace

TEST_CASE("A custom balancer's value is what stands in its description")
{
    const auto valueOf = [](const std::string& kind) {
        StickyTrial trial(custom, {{"value", kind}, {"secret", text("k")}});
        trial.dispatcher.setUp(ReplicaIndex {0}, false);
        trial.dispatcher.setUp(ReplicaIndex {2}, false);
        return trial.ask().cookie;
    };
    CHECK(valueOf("name") == "sticky=s2");
    CHECK(valueOf("address") == "sticky=10.0.0.2:8000");
    CHECK(valueOf("url") == "sticky=http://10.0.0.2:8000");
    CHECK(valueOf("md5") == "sticky=" + md5Hex("10.0.0.2:8000"));
    CHECK(valueOf("sha256") == "sticky=" + sha256Hex("10.0.0.2:8000"));
    CHECK(valueOf("hmac") == "sticky=" + hmacSha256Hex("k", "10.0.0.2:8000"));
    CHECK(valueOf("index") == "sticky=1");
    CHECK(valueOf("sha1") == "sticky=" + sha1Hex("10.0.0.2:8000"));
    CHECK(valueOf("xxhash") == "sticky=" + hexOf(xxHash64("10.0.0.2:8000"), 16));
    CHECK(valueOf("fnv") == "sticky=" + fnv1Hex("10.0.0.2:8000"));
    CHECK(valueOf("base64") == "sticky=" + base64("10.0.0.2:8000"));
    CHECK(valueOf("f5") == "sticky=33554442.16415.0000");
}

TEST_CASE("A custom balancer's cookie goes out as its description says")
{
    BalancerSpec spec {.product = "custom",
                       .sticky = StickySpec {.cookie = "c",
                                             .path = "/a",
                                             .domain = "app.example",
                                             .secure = true,
                                             .httpOnly = true,
                                             .sameSite = SameSite::none}};
    spec.sticky->maxAge = 1h;
    spec.sticky->settings = {{"partitioned", true}};
    StickyTrial trial(spec);
    const auto first = trial.ask();
    CHECK(first.setCookies.at(0)
          == first.cookie
              + "; Path=/a; Domain=app.example; Max-Age=3600; HttpOnly; Secure; SameSite=None; "
                "Partitioned");
    CHECK(trial.ask(first.cookie).setCookies.empty());
    CHECK(trial.fail().setCookies.empty());
    CHECK(trial.fail(first.cookie).setCookies.empty());
    trial.status = 101;
    CHECK_FALSE(trial.ask().setCookies.empty());
}

TEST_CASE("A custom balancer writes always, on its own errors, on a 101, or not")
{
    StickyTrial always(custom, {{"emit", text("always")}, {"cookie-on-errors", true}});
    const auto first = always.ask();
    CHECK(always.ask(first.cookie).out == CookieOut::refreshed);
    CHECK_FALSE(always.fail().setCookies.empty());
    CHECK(always.fail(first.cookie).setCookies.empty());
    StickyTrial silent(custom, {{"not-on-101", true}});
    silent.status = 101;
    CHECK(silent.ask().setCookies.empty());
    StickyTrial safely(custom, {{"secure-over-tls", true}, {"as-date", true}});
    safely.secure = true;
    CHECK(safely.ask().setCookies.at(0).ends_with("; Path=/; Secure"));
}

TEST_CASE("A custom balancer takes, refuses or replaces a value that names nobody")
{
    StickyTrial repicks(custom);
    CHECK(repicks.ask("sticky=bogus").out == CookieOut::rewritten);
    StickyTrial accepts(custom, {{"on-unknown", text("accept")}});
    CHECK(accepts.ask("sticky=bogus").setCookies.empty());
    CHECK(accepts.ask("sticky=bogus").decision.replica != noReplica);
    StickyTrial rejects(custom,
                        {{"on-unknown", text("reject")}, {"reject-status", std::int64_t {403}}});
    CHECK(rejects.ask("sticky=bogus").decision.status == 403);
    CHECK(rejects.recall("sticky=bogus").state == CookieIn::refused);
}

TEST_CASE("A custom balancer does with a server that is down or leaves what its description says")
{
    const auto afterDown = [](const char* way) {
        StickyTrial trial(custom, {{"on-down", text(way)}});
        trial.dispatcher.setUp(ReplicaIndex {1}, false);
        return trial.ask("sticky=s2");
    };
    CHECK(afterDown("repick").out == CookieOut::rewritten);
    CHECK(afterDown("keep-cookie").out == CookieOut::none);
    CHECK(afterDown("keep-cookie").decision.replica != noReplica);
    CHECK(afterDown("reject").decision.status == 503);
    for (const bool keeps : {false, true}) {
        StickyTrial trial(custom, {{"keep-draining", keeps}});
        trial.dispatcher.setDraining(ReplicaIndex {1}, true);
        CHECK(trial.recall("sticky=s2").bound == keeps);
        CHECK(trial.recall("sticky=s2").state == (keeps ? CookieIn::draining : CookieIn::down));
    }
}

TEST_CASE("A custom balancer reads the first cookie, or any usable one, with quotes or without")
{
    StickyTrial first(custom);
    CHECK_FALSE(first.recall("sticky=bogus; sticky=s2").bound);
    CHECK_FALSE(first.recall("sticky=\"s2\"").bound);
    StickyTrial any(custom, {{"any-usable", true}, {"strip-quotes", true}});
    CHECK(any.recall("sticky=bogus; sticky=s2").bound);
    CHECK(any.recall("sticky=\"s2\"").bound);
    StickyTrial quoting(custom, {{"in-quotes", true}});
    const auto answer = quoting.ask();
    CHECK(answer.cookie.starts_with("sticky=\"s"));
    CHECK(quoting.recall(answer.cookie).bound);
    CHECK_FALSE(quoting.recall("sticky=s2").bound);
}

TEST_CASE("A custom balancer's cookie ends by its own dates")
{
    BalancerSpec spec {.product = "custom"};
    spec.sticky->maxAge = 60s;
    spec.sticky->settings = {{"expiry", text("in-value")}};
    StickyTrial inValue(spec);
    const auto first = inValue.ask();
    CHECK(first.setCookies.at(0) == first.cookie + "; Path=/");
    CHECK(first.cookie.ends_with("|1767225660"));
    inValue.now += 60s;
    CHECK(inValue.recall(first.cookie).state == CookieIn::valid);
    inValue.now += 1s;
    CHECK(inValue.recall(first.cookie).state == CookieIn::expired);

    spec.sticky->settings = {{"expiry", text("sliding")}};
    StickyTrial sliding(spec);
    CHECK(sliding.ask("sticky=s2").setCookies.at(0) == "sticky=s2; Path=/; Max-Age=60");
}

TEST_CASE("A custom balancer's dates of rest and life stand in the value, as HAProxy's do")
{
    StickyTrial trial(custom,
                      {{"expiry", text("idle-and-life")},
                       {"maxidle", Duration(10s)},
                       {"maxlife", Duration(25s)}});
    auto answer = trial.ask();
    CHECK(trial.ask(answer.cookie).setCookies.empty());
    for (int count = 0; count < 2; ++count) {
        trial.now += 10s;
        answer = trial.ask(answer.cookie);
        CHECK(answer.recall.state == CookieIn::valid);
        CHECK(answer.out == CookieOut::refreshed);
    }
    trial.now += 6s;
    CHECK(trial.recall(answer.cookie).state == CookieIn::expired); // its life
    answer = trial.ask();
    trial.now += 11s;
    CHECK(trial.recall(answer.cookie).state == CookieIn::expired); // its rest
}

TEST_CASE("A custom balancer hashes what names a client, by any algorithm that hashes")
{
    BalancerSpec spec {.product = "custom", .algorithm = "caddy-hash"};
    spec.sticky->settings = {{"lookup", text("ring")}};
    StickyTrial trial(spec);
    const auto first = trial.ask();
    CHECK(first.setCookies.size() == 1);
    for (int count = 0; count < 5; ++count)
        CHECK(trial.ask(first.cookie).decision.replica == first.decision.replica);
    CHECK(custom.stickyAlgorithm(spec) == "caddy-hash");
    spec.algorithm = "random";
    CHECK(custom.stickyAlgorithm(spec) == "envoy-ring-hash");
}

TEST_CASE("A custom balancer's failed request goes on, stays, or goes on at last")
{
    using Action = OnFailure::Action;
    BalancerSpec spec {.product = "custom"};
    spec.settings = {{"retries", std::int64_t {3}}, {"failure-status", std::int64_t {504}}};
    CHECK(custom.failed(spec, {}).action == Action::another);
    CHECK(custom.failed(spec, {.number = 3}).status == 504);
    spec.settings.set("on-failure", text("same-target"));
    CHECK(custom.failed(spec, {.number = 2}).action == Action::sameAgain);
    spec.settings.set("on-failure", text("redispatch"));
    spec.settings.set("redispatch-after", std::int64_t {2});
    CHECK(custom.failed(spec, {}).action == Action::sameAgain);
    CHECK(custom.failed(spec, {.number = 1}).action == Action::another);
}

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
