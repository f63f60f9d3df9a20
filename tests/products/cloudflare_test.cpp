// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>

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
    trial.dispatcher.setUp(first.decision.replica, false);
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
