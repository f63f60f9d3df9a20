// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/circuit_breaker.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;

namespace {

constexpr Rule open {"open", "test"};
constexpr Rule tooMany {"too many", "test"};

CircuitBreaker traefiks()
{
    return CircuitBreaker({.errorRatio = 0.3,
                           .staysOpen = 10s,
                           .recovers = 10s,
                           .tooMany = {&tooMany, 429},
                           .open = {&open}});
}

} // namespace

TEST_CASE("Without a rule nothing is turned away")
{
    CHECK_FALSE(CircuitBreaker({}).isThere());
}

TEST_CASE("As many as may be at once, and one more when one of them has ended")
{
    CircuitBreaker breaker({.mostRequests = 2, .tooMany = {&tooMany, 429}, .open = {&open}});
    const Instant now(1s);
    CHECK_FALSE(breaker.refuses(now));
    CHECK_FALSE(breaker.refuses(now));
    CHECK(breaker.refuses(now)->rule == &tooMany);
    breaker.ended(200, false, now);
    CHECK_FALSE(breaker.refuses(now));
    CHECK(breaker.refuses(now)->status == 429);
}

TEST_CASE("It opens above the ratio, recovers slowly, and closes")
{
    CircuitBreaker breaker = traefiks();
    Duration at = 1s;
    const auto ask = [&](int status) {
        const bool in = breaker.refuses(Instant(at)) == nullptr;
        if (in)
            breaker.ended(status, false, Instant(at));
        at += 50ms;
        return in;
    };
    for (int number = 0; number < 20; ++number)
        CHECK(ask(200));
    int failed = 0;
    while (ask(502))
        ++failed;
    // 9 of 29 are more than 30 %; it looks every 100 ms, at each second request.
    CHECK(failed >= 9);
    CHECK(failed <= 11);
    const Duration openUntil = at - 100ms + 10s;
    while (at < openUntil - 50ms)
        CHECK_FALSE(ask(200));
    // A growing share is let through in the next ten seconds, up to a half of them.
    int early = 0;
    int late = 0;
    while (at < openUntil + 5s)
        early += ask(200) ? 1 : 0;
    while (at < openUntil + 10s)
        late += ask(200) ? 1 : 0;
    CHECK(early > 0);
    CHECK(early < 30);
    CHECK(late > early);
    CHECK(late <= 76);
    at += 1s;
    for (int number = 0; number < 20; ++number)
        CHECK(ask(200));
}

TEST_CASE("Errors of the application do not open it; those of the network do")
{
    CircuitBreaker breaker = traefiks();
    for (int number = 0; number < 100; ++number) {
        CHECK_FALSE(breaker.refuses(Instant(number * 200ms)));
        breaker.ended(500, false, Instant(number * 200ms));
    }
    // What was answered more than ten seconds ago does not count.
    CHECK_FALSE(breaker.refuses(Instant(60s)));
    breaker.ended(502, false, Instant(60s));
    CHECK(breaker.refuses(Instant(61s))->rule == &open);
}

TEST_CASE("As many retries as may be at once, and one more when one of them has ended")
{
    CircuitBreaker breaker({.mostRetries = 2, .tooManyRetries = {&tooMany}});
    const Instant now(1s);
    for (int number = 0; number < 4; ++number)
        CHECK_FALSE(breaker.refuses(now));
    CHECK_FALSE(breaker.refusesRetry());
    CHECK_FALSE(breaker.refusesRetry());
    CHECK(breaker.refusesRetry()->rule == &tooMany);
    breaker.ended(200, false, now);
    CHECK(breaker.refusesRetry());
    breaker.ended(503, true, now);
    CHECK_FALSE(breaker.refusesRetry());
    CHECK(breaker.refusesRetry());
}
