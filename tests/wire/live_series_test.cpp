// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_series.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using live::LiveSeries;

TEST_CASE("The replica's word counts for the session that there is")
{
    LiveSeries series({.sessionRequests = 3});
    const auto first = series.send();
    CHECK(first.session == "");
    CHECK(series.answered(first, "begins s1", "a").mark == SessionMark::begins);
    const auto second = series.send();
    CHECK(second.ordinal == 1);
    CHECK(second.session == "s1");
    const auto broken = series.answered(second, "broken s2", "b");
    CHECK(broken.mark == SessionMark::broken);
    CHECK_FALSE(broken.endsSession);
    CHECK_FALSE(series.answered(series.send(), "met s2", "b").endsSession);
    // The broken one began it, and is its first.
    CHECK(series.answered(series.send(), "met s2", "b").endsSession);
    CHECK(series.send().session == "");
}

TEST_CASE("Requests side by side are judged by who holds the session when they are answered")
{
    for (const SessionStore store :
         {SessionStore::inMemory, SessionStore::shared, SessionStore::withConnection}) {
        LiveSeries series({.store = [store](const std::string&) { return store; }});
        const auto one = series.send();
        const auto two = series.send();
        const auto three = series.send();
        CHECK(series.answered(one, "begins s1", "a").mark == SessionMark::begins);
        const bool forgets = store == SessionStore::withConnection;
        CHECK(series.answered(two, "begins s2", "a").mark
              == (forgets ? SessionMark::broken : SessionMark::met));
        CHECK(series.answered(three, "begins s3", "b").mark
              == (store == SessionStore::shared ? SessionMark::met : SessionMark::broken));
    }
}

TEST_CASE("Each so many answers a request logs out, and one that failed does not count")
{
    LiveSeries series({.logoutAfter = 2});
    const auto first = series.send();
    CHECK_FALSE(first.logsOut);
    series.answered(first, "begins s1", "a");
    const auto failed = series.send();
    CHECK(failed.logsOut);
    CHECK_FALSE(series.send().logsOut); // one is under way
    series.failed(failed);
    const auto logout = series.send();
    CHECK(logout.logsOut);
    CHECK(series.answered(logout, "met s1", "a").endsSession);
    CHECK(series.send().session == "");
}

TEST_CASE("A session upgrades after so many answers of its own")
{
    LiveSeries series({.upgradeAfter = 2});
    CHECK_FALSE(series.upgrades());
    series.answered(series.send(), "begins s1", "a");
    CHECK_FALSE(series.upgrades());
    series.answered(series.send(), "met s1", "a");
    CHECK(series.upgrades());
    series.endSession();
    CHECK_FALSE(series.upgrades());
}
