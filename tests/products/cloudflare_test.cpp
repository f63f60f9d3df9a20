// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>
#include <set>
#include <string>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("Cloudflare's __cflb lasts 23 hours, and is Secure where the client speaks TLS")
{
    StickyTrial trial(cloudflare);
    const auto plainly = trial.ask();
    REQUIRE(plainly.setCookies.size() == 1);
    CHECK(std::regex_match(plainly.setCookies[0],
                           std::regex("__cflb=[0-9a-f]{40}; Path=/; Expires=Thu, 01 Jan 2026 "
                                      "23:00:00 GMT; HttpOnly; SameSite=Lax")));
    trial.secure = true;
    const auto safely = trial.ask();
    CHECK(safely.setCookies.at(0).find("; HttpOnly; Secure; SameSite=Lax") != std::string::npos);
    CHECK(trial.ask(safely.cookie).setCookies.empty());
}

TEST_CASE("Cloudflare fails over with a new cookie, and drains without one")
{
    StickyTrial trial(cloudflare);
    const auto first = trial.ask();
    trial.dispatcher.setDraining(first.decision.replica, true);
    CHECK(trial.recall(first.cookie).state == CookieIn::draining);
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto next = trial.ask(first.cookie);
    CHECK(next.recall.state == CookieIn::down);
    CHECK(next.out == CookieOut::rewritten);
    CHECK(trial.recall("__cflb=bogus").state == CookieIn::unknown);
}

TEST_CASE("Cloudflare tries another endpoint only with zero-downtime failover")
{
    BalancerSpec spec {.product = "cloudflare"};
    CHECK(cloudflare.failed(spec, {}).status == 521);
    spec.settings.set("zero-downtime-failover", std::string("temporary"));
    CHECK(cloudflare.failed(spec, {}).action == OnFailure::Action::another);
    CHECK(cloudflare.failed(spec, {.number = 1}).action == OnFailure::Action::giveUp);
}

TEST_CASE(
    "By header Cloudflare keeps whoever sends the same one at one endpoint, and sets no cookie")
{
    StickyTrial trial(cloudflare,
                      {{"affinity-by", std::string("header")},
                       {"affinity-header", std::string("X-Tenant")},
                       {"session-affinity-ttl", Duration(60s)}});
    CHECK(trial.ask().recall.state == CookieIn::none);
    trial.headers.add("X-Tenant", "a");
    const auto first = trial.ask();
    CHECK(first.setCookies.empty());
    for (int count = 0; count < 10; ++count) {
        trial.now += 59s;
        const auto next = trial.ask();
        CHECK(next.recall.state == CookieIn::valid);
        CHECK(next.decision.replica == first.decision.replica);
    }
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto failedOver = trial.ask();
    CHECK(failedOver.recall.state == CookieIn::down);
    CHECK(failedOver.decision.replica != first.decision.replica);
    trial.dispatcher.tell(first.decision.replica, true, {});
    CHECK(trial.ask().decision.replica == failedOver.decision.replica);
    trial.now += 60s;
    CHECK(trial.recall("").state == CookieIn::expired);
    trial.headers.set("X-Tenant", "b");
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("By ip_cookie an address has its endpoint before it has its cookie")
{
    StickyTrial trial(cloudflare, {{"affinity-by", std::string("ip_cookie")}});
    const auto first = trial.ask();
    CHECK(first.setCookies.size() == 1);
    for (int count = 0; count < 10; ++count)
        CHECK(trial.ask().decision.replica == first.decision.replica);
    std::set<ReplicaIndex> met;
    for (int number = 1; number < 30; ++number) {
        trial.source = "198.51.100." + std::to_string(number);
        met.insert(trial.ask().decision.replica);
        // The cookie counts, wherever its client comes from.
        CHECK(trial.ask(first.cookie).decision.replica == first.decision.replica);
    }
    CHECK(met.size() == 3);
}
