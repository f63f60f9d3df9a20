// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

std::string cookieWith(const Settings& settings)
{
    StickyTrial trial(stickyModuleNg, settings);
    trial.dispatcher.tell(ReplicaIndex {0}, false, {});
    trial.dispatcher.tell(ReplicaIndex {2}, false, {});
    return trial.ask().setCookies.at(0);
}

} // namespace

TEST_CASE("nginx-sticky-module-ng writes a hash, a keyed hash, a number or the address")
{
    const std::string address = "10.0.0.2:8000";
    CHECK(cookieWith({}) == "route=" + md5Hex(address) + "; Path=/");
    CHECK(cookieWith({{"hash", std::string("sha1")}}) == "route=" + sha1Hex(address) + "; Path=/");
    CHECK(cookieWith({{"hash", std::string("index")}}) == "route=1; Path=/");
    CHECK(cookieWith({{"text", std::string("raw")}}) == "route=10.0.0.2:8000; Path=/");
    CHECK(cookieWith({{"hmac", std::string("md5")}, {"hmac-key", std::string("k")}})
          == "route=" + hmacMd5Hex("k", address) + "; Path=/");
    // RFC 2202, case 2.
    CHECK(hmacMd5Hex("Jefe", "what do ya want for nothing?") == "750c783e6ab0b503eaa86e310a5db738");
    CHECK(hmacSha1Hex("Jefe", "what do ya want for nothing?")
          == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST_CASE("nginx-sticky-module-ng writes its attributes in its own order")
{
    BalancerSpec spec {.product = "nginx-sticky-module-ng",
                       .sticky = StickySpec {.cookie = "srv",
                                             .path = "/a",
                                             .domain = "app.example",
                                             .secure = true,
                                             .httpOnly = true}};
    spec.sticky->settings = {{"expires", Duration(1h)}, {"hash", std::string("index")}};
    StickyTrial trial(spec);
    const auto first = trial.ask();
    CHECK(first.setCookies.at(0)
          == "srv=" + std::to_string(raw(first.decision.replica))
              + "; Domain=app.example; Expires=Thu, 01-Jan-2026 01:00:00 GMT; Path=/a; Secure; "
                "HttpOnly");
    CHECK(trial.ask(first.cookie).setCookies.empty());
}

TEST_CASE("nginx-sticky-module-ng leaves what it cannot keep to round robin, or answers 502")
{
    const std::string cookie = "route=" + md5Hex("10.0.0.2:8000");
    for (const bool noFallback : {false, true}) {
        StickyTrial trial(stickyModuleNg, {{"no-fallback", noFallback}});
        CHECK(trial.recall("ROUTE=" + md5Hex("10.0.0.2:8000")).bound);
        CHECK(trial.recall(cookie).bound);
        trial.dispatcher.tell(ReplicaIndex {1}, false, {});
        const auto down = trial.ask(cookie);
        CHECK(down.recall.state == (noFallback ? CookieIn::refused : CookieIn::down));
        CHECK(down.decision.status == (noFallback ? 502 : 0));
        CHECK(down.out == (noFallback ? CookieOut::none : CookieOut::rewritten));
        CHECK(trial.ask("route=bogus").decision.status == (noFallback ? 502 : 0));
        CHECK(trial.ask().decision.status == 0);
    }
}

TEST_CASE("nginx-sticky-module-ng gives up a bound request at once with no_fallback")
{
    BalancerSpec spec {.product = "nginx-sticky-module-ng"};
    const Attempt bound {.bound = Bound::yes, .replicas = 2, .known = 3};
    CHECK(stickyModuleNg.failed(spec, bound).action == OnFailure::Action::another);
    spec.sticky->settings.set("no-fallback", true);
    CHECK(stickyModuleNg.failed(spec, bound).status == 502);
}
