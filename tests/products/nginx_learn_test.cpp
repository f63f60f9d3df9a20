// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

StickyTrial learning(Settings cookie = {})
{
    cookie.set("method", text("learn"));
    return StickyTrial(nginx, cookie);
}

void learns(StickyTrial& trial, const std::string& session)
{
    trial.applications = {"session=" + session};
    trial.ask();
    trial.applications.clear();
}

bool knows(StickyTrial& trial, const std::string& session)
{
    return trial.recall("session=" + session).bound;
}

} // namespace

TEST_CASE("A zone holds as many sessions as it has room for, and forgets who was away for longest")
{
    // 32 kB are seven pages, of which five have sixteen places each.
    StickyTrial trial = learning({{"zone-size", std::int64_t {32}}});
    for (int session = 0; session < 80; ++session)
        learns(trial, "s" + std::to_string(session));
    CHECK(knows(trial, "s0"));
    CHECK(knows(trial, "s79"));
    trial.ask("session=s0");
    learns(trial, "s80");
    CHECK(knows(trial, "s0"));
    CHECK_FALSE(knows(trial, "s1"));
    CHECK(knows(trial, "s2"));
    CHECK(knows(trial, "s80"));
}

TEST_CASE("With learn-header a header names the session, in answers and in requests")
{
    StickyTrial trial = learning({{"learn-header", text("X-Session")}});
    learns(trial, "s1"); // a cookie says nothing
    CHECK_FALSE(knows(trial, "s1"));
    trial.answerHeaders.add("x-session", "s2");
    const ReplicaIndex at = trial.ask().decision.replica;
    trial.answerHeaders.clear();
    trial.headers.add("X-Session", "s2");
    for (int count = 0; count < 5; ++count)
        CHECK(trial.ask().decision.replica == at);
    trial.headers.set("X-Session", "s3");
    CHECK(trial.recall("").state == CookieIn::unknown);
    trial.headers.set("X-Session", "");
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("A zone of one megabyte holds 4032 sessions")
{
    StickyTrial trial = learning();
    for (int session = 0; session < 4033; ++session)
        learns(trial, "s" + std::to_string(session));
    CHECK_FALSE(knows(trial, "s0"));
    CHECK(knows(trial, "s1"));
}

TEST_CASE("A WebSocket's session is learnt when it is closed, with header when it begins")
{
    for (const bool header : {false, true}) {
        CAPTURE(header);
        StickyTrial trial = learning({{"header", header}});
        trial.status = 101;
        learns(trial, "one");
        CHECK(knows(trial, "one") == header);
        CHECK(trial.dispatcher.heedsEnds() != header);
        http::RequestHead request;
        http::ResponseHead answer;
        answer.status = 101;
        answer.fields.add("Set-Cookie", "session=two");
        const Recall recall = trial.dispatcher.recall({request, trial.now});
        trial.dispatcher.closed({.recall = recall,
                                 .replicas = trial.dispatcher.replicas(),
                                 .replica = static_cast<ReplicaIndex>(1),
                                 .now = trial.now},
                                answer);
        CHECK(trial.recall("session=two").names == static_cast<ReplicaIndex>(1));
    }
}

TEST_CASE("The session that an answer begins is learnt, and not the one that the request had")
{
    using namespace std::chrono_literals;
    StickyTrial trial = learning({{"timeout", Duration(10s)}});
    learns(trial, "old");
    trial.now += 8s;
    trial.applications = {"session=new"};
    trial.ask("session=old");
    trial.now += 4s;
    CHECK_FALSE(knows(trial, "old"));
    CHECK(knows(trial, "new"));
}

TEST_CASE("expires=max is a date in 2037, with max-age only for the sticky cookie")
{
    StickyTrial sticky(nginx, {{"expires-max", true}});
    CHECK(sticky.ask().setCookies.front().ends_with(
        "; expires=Thu, 31-Dec-37 23:55:55 GMT; max-age=315360000"));
    BalancerSpec spec =
        StickyTrial::specOf(nginx, {{"method", text("userid")}, {"expires-max", true}}, {});
    spec.algorithm = "hash-consistent";
    StickyTrial userid(spec);
    CHECK(userid.ask().setCookies.front().ends_with("; expires=Thu, 31-Dec-37 23:55:55 GMT"));
}
