// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

const Settings withItsSession {{"type", std::string("app_cookie")},
                               {"app-cookie", std::string("sid")}};

} // namespace

TEST_CASE("A Classic Load Balancer sets two cookies of one value, which end on the client's side")
{
    StickyTrial trial(awsClassic, {{"expiration", Duration(1h)}});
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 2);
    std::smatch one;
    std::smatch other;
    REQUIRE(std::regex_match(first.setCookies[0], one,
                             std::regex("AWSELB=([0-9A-F]+);PATH=/;MAX-AGE=3600")));
    REQUIRE(std::regex_match(
        first.setCookies[1], other,
        std::regex("AWSELBCORS=([0-9A-F]+);PATH=/;MAX-AGE=3600;SECURE;SAMESITE=None")));
    CHECK(one[1] == other[1]);
    // It neither refreshes them nor looks at their age.
    trial.now += 2h;
    const auto late = trial.ask(first.cookie);
    CHECK(late.recall.state == CookieIn::valid);
    CHECK(late.decision.replica == first.decision.replica);
    CHECK(late.setCookies.empty());
    CHECK(trial.recall("AWSELBCORS=" + one[1].str()).bound);
    CHECK(trial.fail().setCookies.empty());
}

TEST_CASE("Without an expiration a Classic Load Balancer's cookie lasts as long as the browser")
{
    StickyTrial trial(awsClassic);
    CHECK(trial.ask().setCookies.at(0).ends_with(";PATH=/"));
}

TEST_CASE("A Classic Load Balancer leaves an instance that is unhealthy, and does not go back")
{
    StickyTrial trial(awsClassic);
    const auto first = trial.ask();
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto second = trial.ask(first.cookie);
    CHECK(second.recall.state == CookieIn::down);
    CHECK(second.out == CookieOut::rewritten);
    CHECK(second.decision.replica != first.decision.replica);
    trial.dispatcher.tell(first.decision.replica, true, {});
    CHECK(trial.ask(second.cookie).decision.replica == second.decision.replica);
    CHECK(trial.recall("AWSELB=00").state == CookieIn::unknown);
    CHECK(awsClassic.failed({}, {}).status == 504);
}

TEST_CASE("A Classic Load Balancer's cookie follows the application's")
{
    StickyTrial trial(awsClassic, withItsSession);
    CHECK(trial.ask().setCookies.empty());
    trial.applications = {"sid=7; Path=/shop; Max-Age=60; HttpOnly; SameSite=Lax"};
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 2);
    CHECK(std::regex_match(
        first.setCookies[1],
        std::regex("AWSELB=[0-9A-F]+;PATH=/shop;MAX-AGE=60;HTTPONLY;SAMESITE=Lax")));
    // Only a new cookie of the application's brings another.
    trial.applications.clear();
    CHECK(trial.recall(first.cookie).bound);
    CHECK(trial.ask(first.cookie).setCookies.empty());
    trial.applications = {"sid=8; Secure; Expires=Thu, 01 Jan 2026 01:00:00 GMT"};
    const auto renewed = trial.ask(first.cookie);
    CHECK(renewed.out == CookieOut::refreshed);
    CHECK(
        renewed.setCookies.at(1).ends_with(";PATH=/;EXPIRES=Thu, 01 Jan 2026 01:00:00 GMT;SECURE"));
}

TEST_CASE("Without the application's cookie a Classic Load Balancer's session is not sticky")
{
    StickyTrial trial(awsClassic, withItsSession);
    trial.applications = {"sid=7"};
    const auto first = trial.ask();
    const std::string own = first.cookie.substr(first.cookie.find(';') + 2);
    trial.applications.clear();
    CHECK(trial.recall(own).state == CookieIn::refused);
    CHECK_FALSE(trial.recall(own).bound);
    // Where the instance fails, the session stays with the next one.
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto moved = trial.ask(first.cookie);
    CHECK(moved.out == CookieOut::rewritten);
    trial.dispatcher.tell(first.decision.replica, true, {});
    const auto stays = trial.ask("sid=7; " + moved.cookie);
    CHECK(stays.recall.bound);
    CHECK(stays.decision.replica == moved.decision.replica);
}
