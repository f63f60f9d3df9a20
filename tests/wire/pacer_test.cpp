// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/pacer.h"

#include "sim/live/retry_after.h"
#include "sim/live/session_rule.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::live;
using namespace std::chrono_literals;

namespace {

Instant at(Duration since)
{
    return Instant(since);
}

// How many turns a lane gets in `span`, asked every millisecond; each gives its connection back.
int turnsIn(Pacer& pacer, Instant from, Duration span, std::size_t lane = 0)
{
    int turns = 0;
    for (Duration passed {}; passed < span; passed += 1ms) {
        if (!pacer.take(lane, from + passed, true))
            continue;
        ++turns;
        pacer.released();
    }
    return turns;
}

} // namespace

TEST_CASE("What may be asked of an address is a matter of its class alone")
{
    using Class = TargetClass;
    const auto allows = [](Class target, bool inPerson, double rate, int connections) {
        const Allowance allowance = allowanceOf(target, inPerson);
        return allowance.rate == rate && allowance.connections == connections
            && allowance.longest.has_value() == (target == Class::publicNetwork);
    };
    for (const bool inPerson : {false, true}) {
        CHECK(allows(Class::loopback, inPerson, 20'000, 2'000));
        CHECK(allows(Class::privateNetwork, inPerson, inPerson ? 2'000 : 200, 100));
        CHECK(allows(Class::publicNetwork, inPerson, inPerson ? 50 : 10, 10));
        CHECK(allowanceOf(Class::publicNetwork, inPerson).longest == 5min);
    }
    CHECK(usualRateOfClient == 1);
    CHECK(usualRateInAll == 20);
}

TEST_CASE("Loopback is asked as fast as wanted, up to its allowance")
{
    Pacer gentle(20, 1, TargetClass::loopback);
    CHECK(turnsIn(gentle, at(1s), 10s) == doctest::Approx(200).epsilon(0.02));
    Pacer eager(1e9, 1, TargetClass::loopback);
    CHECK(eager.rate() == 20'000);
}

TEST_CASE("A target that names another host is public until an address of it is met")
{
    Pacer pacer(1000, 1, TargetClass::privateNetwork);
    CHECK(pacer.rate() == 10);
    pacer.meets(TargetClass::privateNetwork);
    CHECK(pacer.rate() == 200);
    pacer.meets(TargetClass::publicNetwork);
    CHECK(pacer.rate() == 10);
    // The strictest that was met counts, and a tunnel from this machine leads elsewhere.
    pacer.meets(TargetClass::loopback);
    CHECK(pacer.rate() == 10);
    Pacer tunnel(1000, 1, TargetClass::privateNetwork);
    tunnel.meets(TargetClass::loopback);
    CHECK(tunnel.rate() == 200);
    Pacer typed(5000, 1, TargetClass::privateNetwork, true);
    typed.meets(TargetClass::privateNetwork);
    CHECK(typed.rate() == 2000);
}

TEST_CASE("Lanes share the rate and the connections")
{
    Pacer pacer(20, 2, TargetClass::loopback);
    CHECK(turnsIn(pacer, at(1s), 10s, 0) == doctest::Approx(100).epsilon(0.03));
    CHECK(turnsIn(pacer, at(1s), 10s, 1) == doctest::Approx(100).epsilon(0.03));
    Pacer crowded(10, 1, TargetClass::privateNetwork);
    crowded.meets(TargetClass::publicNetwork);
    int open = 0;
    for (Duration now = 1s; now < 10s; now += 10ms)
        open += crowded.take(0, at(now), true) ? 1 : 0;
    CHECK(open == 10);
    crowded.released();
    CHECK(crowded.take(0, at(20s), true));
}

TEST_CASE("A public service is asked for five minutes, or without a limit once a second")
{
    Pacer fast(10, 1, TargetClass::privateNetwork);
    fast.meets(TargetClass::publicNetwork);
    CHECK(fast.take(0, at(299s), false));
    CHECK_FALSE(fast.take(0, at(301s), false));
    CHECK(fast.end().find("5 minutes") != std::string::npos);
    Pacer slow(1, 1, TargetClass::privateNetwork);
    slow.meets(TargetClass::publicNetwork);
    CHECK(slow.take(0, at(3600s), false));
}

TEST_CASE("A service in trouble is asked half as often, and then left in peace")
{
    Pacer pacer(20, 1, TargetClass::privateNetwork);
    pacer.meets(TargetClass::privateNetwork);
    for (int number = 0; number < 20; ++number)
        pacer.ended(at(1s), false, 10ms);
    CHECK(pacer.rate() == 20);
    for (int number = 0; number < 5; ++number)
        pacer.ended(at(2s), true, 10ms);
    CHECK(pacer.rate() == 10);
    pacer.ended(at(33s), true, 10ms);
    CHECK(pacer.end().find("left in peace") != std::string::npos);
    Pacer slower(20, 1, TargetClass::loopback);
    for (int number = 0; number < 20; ++number)
        slower.ended(at(1s), false, 30ms);
    for (int number = 0; number < 40; ++number)
        slower.ended(at(2s), false, 300ms);
    CHECK(slower.rate() == 10);
    // Who watches a dead replica on this machine may go on watching.
    slower.ended(at(60s), false, 300ms);
    CHECK(slower.end().empty());
}

TEST_CASE("Retry-After is read in seconds and as a date, and honoured")
{
    http::ResponseHead head {.status = 503};
    const WallSeconds now {1'767'225'600s};
    CHECK_FALSE(retryAfter(head, now));
    head.fields.add("Retry-After", "120");
    CHECK(retryAfter(head, now) == 120s);
    head.fields.set("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT");
    CHECK(retryAfter(head, now) == 60s);
    head.fields.set("Retry-After", "soon");
    CHECK_FALSE(retryAfter(head, now));
    head.status = 200;
    head.fields.set("Retry-After", "120");
    CHECK_FALSE(retryAfter(head, now));
    Pacer pacer(20, 1, TargetClass::loopback);
    pacer.holdUntil(at(10s));
    CHECK_FALSE(pacer.take(0, at(9s), true));
    CHECK(pacer.take(0, at(10s), true));
}

TEST_CASE("A broken session is what a rule says, and nothing else")
{
    const auto broken = [](const char* rule, const http::ResponseHead& head, const char* body = "",
                           const char* cookies = "") {
        const auto parsed = SessionRule::parse(rule);
        REQUIRE(parsed);
        return parsed->broken(head, body, cookies);
    };
    CHECK(broken("status:401,403", {.status = 403}));
    CHECK_FALSE(broken("status:401,403", {.status = 404}));
    http::ResponseHead redirect {.status = 302};
    redirect.fields.add("Location", "http://app.example/login?back=/cart");
    CHECK(broken("redirect:/login", redirect));
    CHECK_FALSE(broken("redirect:/other", redirect));
    CHECK(broken("engine.io", {.status = 400}, R"({"code":1,"message":"Session ID unknown"})"));
    CHECK_FALSE(broken("engine.io", {.status = 400}, R"({"code":0})"));
    CHECK(broken("signalr", {.status = 404}));
    CHECK(broken("mcp", {.status = 404}));
    http::ResponseHead renewed {.status = 200};
    renewed.fields.add("Set-Cookie", "sid=new; Path=/");
    CHECK(broken("cookie:sid", renewed, "", "a=1; sid=old"));
    CHECK_FALSE(broken("cookie:sid", renewed, "", "sid=new"));
    CHECK_FALSE(broken("cookie:sid", renewed, "", ""));
    CHECK(broken("missing:Hello Ann", {.status = 200}, "please log in"));
    CHECK_FALSE(broken("missing:Hello Ann", {.status = 200}, "<h1>Hello Ann</h1>"));
    for (const char* wrong :
         {"", "status:", "status:99", "status:4O1", "redirect:login", "often", "cookie:"})
        CHECK_FALSE(SessionRule::parse(wrong));
}
