// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/f5_cookie.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

TEST_CASE("BIG-IP's cookie is a member's address as two numbers")
{
    CHECK(writeF5Cookie("10.1.1.100:80") == "1677787402.20480.0000"); // K6917
    CHECK(writeF5Cookie("10.1.1.100") == "1677787402.20480.0000");
    CHECK(writeF5Cookie("[2001:112::30]:80")
          == "vi20010112000000000000000000000030.20480"); // K6917
    CHECK(readF5Cookie("vi20010112000000000000000000000030.20480") == "[2001:112::30]:80");
    CHECK_FALSE(readF5Cookie("vi2001011200000000000000000000003.20480"));
    CHECK(writeF5Cookie("[2001:112::x]:80").empty());
    CHECK(writeF5Cookie("10.0.0.1:8000") == "16777226.16415.0000");
    for (const char* bad :
         {"", "web:80", "10.0.0:80", "10.0.0.256:80", "10.0.0.1:70000", "10.0.0.1:"})
        CHECK(writeF5Cookie(bad).empty());
    CHECK(readF5Cookie("1677787402.20480.0000") == "10.1.1.100:80");
    for (const char* bad :
         {"", "x.20480.0000", "1677787402", "1677787402.99999.0000", "99999999999.1.0000"})
        CHECK_FALSE(readF5Cookie(bad));
}

TEST_CASE("BIG-IP sets its cookie where it picks, and in every answer with always-send")
{
    StickyTrial trial(f5);
    const auto first = trial.ask();
    const std::string address(test::serverAt(raw(first.decision.replica)).address());
    CHECK(first.setCookies
          == std::vector<std::string> {"BIGipServerpool=" + writeF5Cookie(address) + "; Path=/"});
    CHECK(trial.ask(first.cookie).setCookies.empty());

    StickyTrial talkative(f5, {{"always-send", true}, {"expiration", Duration(1h)}});
    const auto second = talkative.ask(first.cookie);
    CHECK(second.out == CookieOut::refreshed);
    CHECK(second.setCookies.at(0)
          == first.cookie + "; Path=/; Expires=Thu, 01 Jan 2026 01:00:00 GMT");
}

TEST_CASE("BIG-IP keeps to a disabled member, and leaves one that is down")
{
    StickyTrial trial(f5);
    const std::string cookie = "BIGipServerpool=" + writeF5Cookie("10.0.0.2:8000");
    CHECK(trial.recall(cookie).names == ReplicaIndex {1});
    trial.dispatcher.setDraining(ReplicaIndex {1}, true);
    CHECK(trial.recall(cookie).state == CookieIn::draining);
    trial.dispatcher.tell(ReplicaIndex {1}, false, {});
    CHECK(trial.ask(cookie).out == CookieOut::rewritten);
    CHECK(trial.recall("BIGipServerpool=1.2.0000").state == CookieIn::unknown);
    CHECK(f5.failed({}, {}).status == 0);
}

TEST_CASE("By rewrite BIG-IP gives the application's BIGipCookie its own name and value")
{
    StickyTrial trial(f5, {{"cookie-method", test::text("rewrite")}});
    CHECK(trial.ask().setCookies.empty());
    trial.applications = {"a=1; Path=/", "BIGipCookie=0000; Path=/app; HttpOnly"};
    const auto first = trial.ask();
    const std::string address(test::serverAt(raw(first.decision.replica)).address());
    CHECK(first.out == CookieOut::inserted);
    CHECK(first.setCookies
          == std::vector<std::string> {"a=1; Path=/",
                                       "BIGipServerpool=" + writeF5Cookie(address)
                                           + "; Path=/app; HttpOnly"});
    trial.applications.clear();
    const auto second = trial.ask("BIGipServerpool=" + writeF5Cookie(address));
    CHECK(second.recall.bound);
    CHECK(second.decision.replica == first.decision.replica);
}

TEST_CASE("By passive BIG-IP reads the cookie that the application makes, and writes none")
{
    StickyTrial trial(f5, {{"cookie-method", test::text("passive")}});
    trial.applications = {"BIGipCookie=0000"};
    CHECK(trial.ask().setCookies == trial.applications);
    CHECK(trial.recall("BIGipServerpool=" + writeF5Cookie("10.0.0.3:8000")).names
          == ReplicaIndex {2});
}
