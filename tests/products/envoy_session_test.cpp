// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Envoy's stateful session: in which states of its server a bound request still goes there.
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace stickyscope;
using test::StickyTrial;
using test::text;

namespace {

constexpr const char* states = "override-host-status";

// The state of a client's own server, one letter each: Healthy, Draining, Unhealthy, and the last
// one Both.
std::string keptIn(const Settings& cookie)
{
    std::string kept;
    for (const char state : {'H', 'D', 'U', 'B'}) {
        StickyTrial trial(envoy, cookie);
        const auto first = trial.ask();
        trial.dispatcher.setDraining(first.decision.replica, state == 'D' || state == 'B');
        trial.dispatcher.tell(first.decision.replica, state == 'H' || state == 'D', {});
        const auto next = trial.ask(first.cookie);
        CHECK(next.recall.names == first.decision.replica);
        CHECK(next.recall.bound == (next.recall.status == 0 && next.setCookies.empty()));
        if (next.recall.bound) {
            CHECK(next.decision.replica == first.decision.replica);
            kept += state;
        }
    }
    return kept;
}

std::string cookieOf(const char* session)
{
    return std::string("sticky=\"") + session + "\"";
}

// Of 10.9.9.9:80, which no server has.
const char* const nobodys = "CgsxMC45LjkuOTo4MA==";

} // namespace

TEST_CASE("Envoy keeps to servers in the states that override_host_status has")
{
    CHECK(keptIn({}) == "H");
    CHECK(keptIn({{states, text("healthy")}}) == "H");
    CHECK(keptIn({{"keep-draining", true}}) == "HD");
    CHECK(keptIn({{states, text("healthy draining")}}) == "HD");
    CHECK(keptIn({{states, text("draining healthy unhealthy")}}) == "HDUB");
}

TEST_CASE("To Envoy a server of weight 0 is one that drains: its sessions stay where DRAINING does")
{
    for (const bool keeps : {false, true}) {
        CAPTURE(keeps);
        StickyTrial trial(envoy, {{"keep-draining", keeps}});
        const auto first = trial.ask();
        trial.dispatcher.setWeight(first.decision.replica, 0);
        const auto next = trial.ask(first.cookie);
        CHECK(next.recall.state == (keeps ? CookieIn::draining : CookieIn::down));
        CHECK((next.decision.replica == first.decision.replica) == keeps);
        CHECK(next.setCookies.empty() == keeps);
    }
}

TEST_CASE("A server that is down is unhealthy to Envoy, also while it drains")
{
    CHECK(keptIn({{states, text("healthy unhealthy")}}) == "HUB");
    CHECK(keptIn({{states, text("unhealthy")}, {"keep-draining", true}, {"strict", true}})
          == "DUB");
    CHECK(keptIn({{"keep-draining", true}, {"strict", true}}) == "HD");
}

TEST_CASE("Whom Envoy does not keep gets another server and its cookie, and is told why")
{
    StickyTrial trial(envoy);
    const auto first = trial.ask();
    const ReplicaIndex server = first.decision.replica;
    trial.dispatcher.setDraining(server, true);
    const auto left = trial.ask(first.cookie);
    CHECK(left.recall.state == CookieIn::down);
    CHECK(left.recall.rule->sentence.find("has no DRAINING") != std::string_view::npos);
    CHECK(left.decision.replica != server);
    CHECK(left.out == CookieOut::rewritten);
    trial.dispatcher.tell(server, false, {});
    CHECK(trial.recall(first.cookie).rule->sentence.find("not healthy") != std::string_view::npos);
}

TEST_CASE("Without HEALTHY a session is nobody's, and its cookie changes only with its server")
{
    StickyTrial trial(envoy, {{states, text("draining")}});
    const auto first = trial.ask();
    int same = 0;
    for (int count = 0; count < 6; ++count) {
        const auto next = trial.ask(first.cookie);
        CHECK(next.recall.state == CookieIn::down);
        CHECK(next.recall.rule->sentence.find("has no HEALTHY") != std::string_view::npos);
        const bool stays = next.decision.replica == first.decision.replica;
        CHECK(next.setCookies.empty() == stays);
        same += stays ? 1 : 0;
    }
    CHECK(same == 2);
}

TEST_CASE("Strict, Envoy answers 503 for a server that it knows, and as it is told for all others")
{
    const char* const key = "status-on-strict-destination-not-found";
    for (const std::int64_t status : {404, 503}) {
        StickyTrial trial(envoy, {{"strict", true}, {key, status}});
        const auto first = trial.ask();
        const Recall nobody = trial.recall(cookieOf(nobodys));
        CHECK(nobody.state == CookieIn::refused);
        CHECK(nobody.status == status);
        CHECK(nobody.rule->sentence.find("does not know") != std::string_view::npos);
        trial.dispatcher.tell(first.decision.replica, false, {});
        const Recall known = trial.recall(first.cookie);
        CHECK(known.state == CookieIn::refused);
        CHECK(known.status == 503);
        // What holds no address names no server that could be missed.
        CHECK(trial.recall("sticky=bogus!").status == 0);
    }
    CHECK(StickyTrial(envoy, {{"strict", true}}).recall(cookieOf(nobodys)).status == 503);
    CHECK(StickyTrial(envoy, {{key, std::int64_t {404}}}).recall(cookieOf(nobodys)).status == 0);
}
