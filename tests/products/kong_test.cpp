// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>

using namespace stickyscope;
using test::StickyTrial;

namespace {

StickyTrial trialOf(const char* algorithm)
{
    BalancerSpec spec = StickyTrial::specOf(kong, {}, {});
    spec.algorithm = algorithm;
    spec.sticky->cookie = "session-id";
    return StickyTrial(spec);
}

} // namespace

TEST_CASE("Kong's cookie names the client, and by sticky-sessions the target")
{
    StickyTrial hashing = trialOf("round-robin");
    CHECK(std::regex_match(hashing.ask().setCookies.at(0),
                           std::regex("session-id=[0-9a-f-]{36}; Path=/")));
    CHECK(hashing.recall("session-id=anything").hashed);

    StickyTrial trial = trialOf("sticky-sessions");
    const auto first = trial.ask();
    CHECK(std::regex_match(first.setCookies.at(0), std::regex("session-id=[0-9a-f]{32}; Path=/")));
    const auto second = trial.ask(first.cookie);
    CHECK(second.recall.bound);
    CHECK(second.setCookies.empty());
    CHECK(trial.recall("session-id=anything").state == CookieIn::unknown);
}

TEST_CASE("By sticky-sessions Kong keeps to a target that shuts down, and leaves a dead one")
{
    StickyTrial trial = trialOf("sticky-sessions");
    const auto first = trial.ask();
    trial.dispatcher.setWeight(first.decision.replica, 0);
    CHECK(trial.recall(first.cookie).state == CookieIn::draining);
    CHECK(trial.recall(first.cookie).bound);
    trial.dispatcher.tell(first.decision.replica, false, {});
    const auto elsewhere = trial.ask(first.cookie);
    CHECK(elsewhere.out == CookieOut::rewritten);
    CHECK(elsewhere.decision.replica != first.decision.replica);
}

TEST_CASE("Kong's retry comes to the same target by its hash, by sticky-sessions to another")
{
    BalancerSpec spec = StickyTrial::specOf(kong, {}, {});
    CHECK(kong.failed(spec, {}).action == OnFailure::Action::sameAgain);
    spec.algorithm = "sticky-sessions";
    CHECK(kong.failed(spec, {}).action == OnFailure::Action::another);
    CHECK(kong.failed(spec, {.number = 5}).status == 502);
}

TEST_CASE(
    "Kong's consistent-hashing hashes what hash-on says, and a retry comes to the same target")
{
    BalancerSpec spec {
        .product = "kong",
        .algorithm = "consistent-hashing",
        .sticky = std::nullopt,
        .settings = {{"hash-on", std::string("header")}, {"hash-name", std::string("X-User")}}};
    StickyTrial trial(spec);
    trial.headers.set("X-User", "ada");
    const ReplicaIndex first = trial.ask().decision.replica;
    for (int number = 0; number < 10; ++number)
        CHECK(trial.ask().decision.replica == first);
    CHECK(kong.failed(spec, {}).action == OnFailure::Action::sameAgain);
    spec.algorithm = "round-robin";
    CHECK(kong.failed(spec, {}).action == OnFailure::Action::another);
}
