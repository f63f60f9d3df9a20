// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::StickyTrial;

TEST_CASE("By force-persist a request with its header keeps to a server that is down")
{
    StickyTrial trial(haproxy, {}, {{"force-persist", std::string("X-Test")}});
    trial.dispatcher.setUp(ReplicaIndex {1}, false);
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
    trial.dispatcher.setUp(first, false);
    CHECK(trial.recall("").state == CookieIn::down);
    trial.headers.add("X-Test", "1");
    CHECK(trial.recall("").bound);
    CHECK(trial.recall("").insists);
}
