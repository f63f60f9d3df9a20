// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <string>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;
using test::text;

TEST_CASE("A custom balancer's value is what stands in its description")
{
    const auto valueOf = [](const std::string& kind) {
        StickyTrial trial(custom, {{"value", kind}, {"secret", text("k")}});
        trial.dispatcher.tell(ReplicaIndex {0}, false, {});
        trial.dispatcher.tell(ReplicaIndex {2}, false, {});
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
        trial.dispatcher.tell(ReplicaIndex {1}, false, {});
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
