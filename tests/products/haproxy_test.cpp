// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_cookie.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::StickyTrial;

TEST_CASE("By force-persist a request with its header keeps to a server that is down")
{
    StickyTrial trial(haproxy, {}, {{"force-persist", std::string("X-Test")}});
    trial.dispatcher.tell(ReplicaIndex {1}, false, {});
    const auto without = trial.ask("SRV=s2");
    CHECK(without.recall.state == CookieIn::down);
    CHECK_FALSE(without.recall.insists);
    CHECK(without.out == CookieOut::rewritten);
    trial.headers.add("x-test", "");
    const auto with = trial.ask("SRV=s2");
    CHECK(with.recall.state == CookieIn::valid);
    CHECK(with.decision.replica == ReplicaIndex {1});
    CHECK(with.setCookies.empty());
    CHECK(std::string(with.recall.rule->source).find("force-persist") != std::string::npos);
    // Also of a request that comes without a cookie.
    CHECK(trial.recall("").insists);
}

TEST_CASE("No retry of a request that force-persist holds goes to another server")
{
    const BalancerSpec spec =
        StickyTrial::specOf(haproxy, {}, {{"redispatch", true}, {"retries", std::int64_t {2}}});
    CHECK(haproxy.failed(spec, {.number = 1}).action == OnFailure::Action::another);
    CHECK(haproxy.failed(spec, {.number = 1, .insists = true}).action
          == OnFailure::Action::sameAgain);
    CHECK(haproxy.failed(spec, {.number = 2, .insists = true}).status == 503);
}

TEST_CASE("By force-persist a stick table leads to a server that is down")
{
    StickyTrial trial(haproxy, {{"mode", std::string("stick-table")}},
                      {{"force-persist", std::string("X-Test")}});
    const ReplicaIndex first = trial.ask().decision.replica;
    trial.dispatcher.tell(first, false, {});
    CHECK(trial.recall("").state == CookieIn::down);
    trial.headers.add("X-Test", "1");
    CHECK(trial.recall("").bound);
    CHECK(trial.recall("").insists);
}

TEST_CASE("A cookie that is replaced keeps the date of its first setting, unless it is too old")
{
    StickyTrial trial(haproxy, {{"maxlife", Duration(std::chrono::minutes(1))}});
    trial.dispatcher.tell(ReplicaIndex {1}, false, {});
    // Of a cookie that was set so long ago, as it is replaced.
    const auto firstSet = [&trial](const std::string& server, int seconds) {
        const std::string stamp = haproxyStamp(trial.now - std::chrono::seconds(seconds));
        const auto answer = trial.ask("SRV=" + server + "|" + stamp + "|" + stamp);
        return answer.cookie.substr(answer.cookie.rfind('|') + 1);
    };
    CHECK(firstSet("s2", 40) == haproxyStamp(trial.now - std::chrono::seconds(40)));
    CHECK(firstSet("nobody", 40) == haproxyStamp(trial.now - std::chrono::seconds(40)));
    CHECK(firstSet("s2", 80) == haproxyStamp(trial.now));
}
