// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/aws_cookie.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

const Settings withApplication {{"type", std::string("app_cookie")},
                                {"app-cookie", std::string("sid")}};

} // namespace

TEST_CASE("An Application Load Balancer sets two cookies of one value, with a date")
{
    StickyTrial trial(awsAlb, {{"duration", Duration(1h)}});
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 2);
    const std::regex own("AWSALB=([A-Za-z0-9+/=]+); Expires=Thu, 01 Jan 2026 01:00:00 GMT; Path=/");
    const std::regex twin("AWSALBCORS=([A-Za-z0-9+/=]+); Expires=Thu, 01 Jan 2026 01:00:00 GMT; "
                          "Path=/; SameSite=None; Secure");
    std::smatch one;
    std::smatch other;
    REQUIRE(std::regex_match(first.setCookies[0], one, own));
    REQUIRE(std::regex_match(first.setCookies[1], other, twin));
    CHECK(one[1] == other[1]);
}

TEST_CASE("Every answer of an Application Load Balancer has a new value for the same target")
{
    StickyTrial trial(awsAlb);
    auto answer = trial.ask();
    const ReplicaIndex target = answer.decision.replica;
    CHECK(answer.out == CookieOut::inserted);
    for (int count = 0; count < 5; ++count) {
        const auto next = trial.ask(answer.cookie);
        CHECK(next.out == CookieOut::refreshed);
        CHECK(next.cookie != answer.cookie);
        CHECK(next.decision.replica == target);
        answer = next;
    }
    CHECK(trial.fail(answer.cookie).setCookies.empty());
}

TEST_CASE("An Application Load Balancer's cookie slides, and ends on the server's side as well")
{
    StickyTrial trial(awsAlb, {{"duration", Duration(1h)}});
    const auto first = trial.ask();
    trial.now += 59min;
    const auto second = trial.ask(first.cookie);
    CHECK(second.recall.state == CookieIn::valid);
    trial.now += 59min;
    CHECK(trial.recall(second.cookie).state == CookieIn::valid);
    CHECK(trial.recall(first.cookie).state == CookieIn::expired);
}

TEST_CASE("Nobody else makes a cookie that an Application Load Balancer reads")
{
    StickyTrial trial(awsAlb);
    const auto first = trial.ask();
    std::string tampered = first.cookie;
    tampered[12] = tampered[12] == 'A' ? 'B' : 'A';
    tampered.erase(tampered.find(';'));
    CHECK(trial.recall(tampered).state == CookieIn::unknown);
    CHECK(trial.recall("AWSALB=AAAA").state == CookieIn::unknown);
    CHECK(trial.recall("AWSALB=").state == CookieIn::unknown);
    const std::string foreign =
        writeAwsCookie("another key", {ReplicaIndex {0}, trial.now + 1h, 0});
    CHECK(trial.recall("AWSALB=" + foreign).state == CookieIn::unknown);
    // The twin alone is enough: it is what comes from another site.
    const std::string twin = first.cookie.substr(first.cookie.find(';') + 2);
    CHECK(trial.recall(twin).bound);
}

TEST_CASE("An Application Load Balancer leaves a target that is unhealthy or deregistered")
{
    StickyTrial trial(awsAlb);
    const auto first = trial.ask();
    trial.dispatcher.setDraining(first.decision.replica, true);
    const auto second = trial.ask(first.cookie);
    CHECK(second.recall.state == CookieIn::down);
    CHECK(second.out == CookieOut::rewritten);
    CHECK(second.decision.replica != first.decision.replica);
    CHECK(awsAlb.failed({}, {}).status == 502);
}

TEST_CASE("With the application's cookie both must come back")
{
    StickyTrial trial(awsAlb, withApplication);
    CHECK(trial.ask().setCookies.empty());
    trial.applications = {"sid=7; Path=/"};
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 2);
    const auto own = http::parseSetCookie(first.setCookies[1]);
    REQUIRE(own);
    CHECK(own->name == "AWSALBAPP-0");
    CHECK(own->expires == trial.now + 7 * 24h);
    trial.applications.clear();
    CHECK(trial.recall(first.cookie).bound);
    CHECK(trial.recall("AWSALBAPP-0=" + own->value).state == CookieIn::refused);
    CHECK_FALSE(trial.recall("AWSALBAPP-0=" + own->value).bound);
    CHECK(trial.recall("sid=7").state == CookieIn::none);
    CHECK(trial.ask(first.cookie).out == CookieOut::refreshed);
}

TEST_CASE("An Application Load Balancer without cross-zone load balancing is not sticky")
{
    StickyTrial zonal(awsAlb, {}, {{"cross-zone-off", true}});
    const auto first = zonal.ask();
    CHECK(first.setCookies.empty());
    CHECK(first.recall.rule->sentence.find("not supported") != std::string_view::npos);
    // A cookie from before it was turned off binds nobody.
    StickyTrial before(awsAlb);
    const auto old = before.ask();
    CHECK(old.cookie.find("AWSALB=") != std::string::npos);
    const auto now = zonal.ask(old.cookie);
    CHECK(now.recall.state == CookieIn::none);
    CHECK_FALSE(now.recall.bound);
    CHECK(now.setCookies.empty());
}
