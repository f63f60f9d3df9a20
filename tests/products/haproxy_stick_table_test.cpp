// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scenarios.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

Settings table(Settings more = {})
{
    more.set("mode", std::string("stick-table"));
    return more;
}

Settings sessions(Settings more = {})
{
    more.set("stick-on", std::string("cookie"));
    return table(more);
}

} // namespace

TEST_CASE("HAProxy's stick table keeps an address at its server, without a cookie")
{
    StickyTrial trial(haproxy, table());
    const auto first = trial.ask("other=1");
    CHECK(first.recall.state == CookieIn::none);
    CHECK(first.setCookies.empty());
    for (int count = 0; count < 10; ++count)
        CHECK(trial.ask().decision.replica == first.decision.replica);
    trial.source = "198.51.100.8";
    CHECK_FALSE(trial.ask().recall.bound);
}

TEST_CASE("HAProxy's stick table learns a session's header from the answer")
{
    Settings on;
    on.set("stick-on", std::string("header"));
    StickyTrial trial(haproxy, table(on));
    trial.answerHeaders.add("mcp-session-id", "s1");
    const auto begun = trial.ask();
    CHECK(begun.setCookies.empty());
    trial.answerHeaders.clear();
    trial.headers.add("Mcp-Session-Id", "other, s1");
    for (int count = 0; count < 5; ++count)
        CHECK(trial.ask().decision.replica == begun.decision.replica);
    trial.headers.set("Mcp-Session-Id", "s1, other");
    CHECK(trial.recall("").state == CookieIn::unknown);
    trial.headers.clear();
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("HAProxy's stick table learns with the answer, not with the pick")
{
    StickyTrial trial(haproxy, table());
    trial.fail();
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("HAProxy's stick table takes an address with its request where its server is down")
{
    StickyTrial trial(haproxy, table());
    const ReplicaIndex first = trial.ask().decision.replica;
    trial.dispatcher.setDraining(first, true);
    CHECK(trial.recall("").state == CookieIn::draining);
    trial.dispatcher.setDraining(first, false);
    trial.dispatcher.tell(first, false, {});
    const auto next = trial.ask();
    CHECK(next.recall.state == CookieIn::down);
    CHECK(next.decision.replica != first);
    trial.dispatcher.tell(first, true, {});
    CHECK(trial.ask().decision.replica == next.decision.replica);
    trial.dispatcher.remove(next.decision.replica);
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("HAProxy's stick table leads to a server that is down with option persist")
{
    StickyTrial trial(haproxy, table(), {{"persist", true}});
    const ReplicaIndex first = trial.ask().decision.replica;
    trial.dispatcher.tell(first, false, {});
    CHECK(trial.ask().decision.replica == first);
}

TEST_CASE("HAProxy's stick table forgets what rests for as long as expire says")
{
    StickyTrial trial(haproxy, table({{"expire", Duration(60s)}}));
    trial.ask();
    trial.now += 59s;
    CHECK(trial.ask().recall.bound);
    trial.now += 59s;
    CHECK(trial.fail().recall.bound); // asked for is used, whatever becomes of it
    trial.now += 59s;
    CHECK(trial.recall("").bound);
    trial.now += 1s;
    CHECK(trial.recall("").state == CookieIn::expired);
}

TEST_CASE("HAProxy's stick table makes room by forgetting who was not there for longest")
{
    StickyTrial trial(haproxy, table({{"table-size", std::int64_t {2}}}));
    const auto ask = [&](const char* source) {
        trial.source = source;
        return trial.ask().recall.bound;
    };
    CHECK_FALSE(ask("10.0.0.1"));
    CHECK_FALSE(ask("10.0.0.2"));
    CHECK(ask("10.0.0.1"));
    CHECK_FALSE(ask("10.0.0.3"));
    CHECK(ask("10.0.0.1"));
    CHECK_FALSE(ask("10.0.0.2"));
}

TEST_CASE("HAProxy's stick table is empty after a reload")
{
    StickyTrial trial(haproxy, table());
    trial.ask();
    trial.dispatcher.reload(StickyTrial::specOf(haproxy, table(), {}), Chance {1});
    CHECK(trial.recall("").state == CookieIn::none);
}

TEST_CASE("HAProxy's stick table learns the application's sessions from their answers")
{
    StickyTrial trial(haproxy, sessions());
    trial.applications = {"session=abc; Path=/", "other=1"};
    const ReplicaIndex first = trial.ask().decision.replica;
    trial.applications.clear();
    CHECK(trial.ask().recall.state == CookieIn::none);
    for (const char* cookie : {"session=abc", "a=1; session=abc", "session=other; session=abc"})
        CHECK(trial.ask(cookie).decision.replica == first);
    for (const char* cookie : {"session=abcd", "session=\"abc\"", "session=abc; session=other"})
        CHECK(trial.recall(cookie).state == CookieIn::unknown);
    // Only the application's answer moves it: the server gets its sessions back.
    trial.dispatcher.tell(first, false, {});
    CHECK(trial.ask("session=abc").decision.replica != first);
    trial.dispatcher.tell(first, true, {});
    CHECK(trial.ask("session=abc").decision.replica == first);
}

TEST_CASE("Two HAProxies with stick tables of their own disagree, and with peers they do not")
{
    const auto stickiness = [](const std::string& more) {
        const auto result = test::run(test::scenarioFrom(
            "version: 1\nduration: 60s\nreplicas: [{name: a}, {name: b}, {name: c}]\n"
            "balancer: {product: haproxy, count: 2, sticky: {mode: stick-table}"
            + more
            + "}\nclients: [{name: people, kind: rest, count: 5, think-time: 1s, jar: none}]\n"));
        return result.lanes.at(1).stickiness.value();
    };
    CHECK(stickiness("") < 0.8);
    CHECK(stickiness(", sessions: shared") == 1.0);
}
