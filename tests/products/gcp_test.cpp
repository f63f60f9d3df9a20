// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <regex>
#include <set>
#include <string>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

const Settings strong {{"session-affinity", std::string("STRONG_COOKIE_AFFINITY")}};

} // namespace

TEST_CASE("Google's generated cookie names the client, and its hash says which backend")
{
    StickyTrial trial(gcp, {{"affinity-cookie-ttl", Duration(1h)}});
    const auto first = trial.ask();
    REQUIRE(first.setCookies.size() == 1);
    CHECK(std::regex_match(first.setCookies[0],
                           std::regex("GCLB=[A-Za-z0-9+/=]{12}; Path=/; Expires=Thu, 01 Jan 2026 "
                                      "01:00:00 GMT; HttpOnly")));
    const auto second = trial.ask(first.cookie);
    CHECK(second.decision.replica == first.decision.replica);
    CHECK(second.decision.ledger == Ledger::hash);
    CHECK(trial.recall("GCLB=tampered").hashed);
}

TEST_CASE("Google's strong affinity names the backend, for as long as it is healthy")
{
    StickyTrial trial(gcp, strong);
    const auto first = trial.ask();
    CHECK(trial.ask(first.cookie).recall.bound);
    CHECK(trial.ask(first.cookie).setCookies.empty());
    CHECK(trial.recall("GCLB=tampered").state == CookieIn::unknown);
    trial.dispatcher.tell(first.decision.replica, false, {});
    CHECK(trial.ask(first.cookie).out == CookieOut::rewritten);
}

TEST_CASE("Google tries a request once more, elsewhere")
{
    CHECK(gcp.failed({}, {}).action == OnFailure::Action::another);
    CHECK(gcp.failed({}, {.number = 1}).status == 502);
}

TEST_CASE("With HEADER_FIELD Google's balancer hashes a header, and sets no cookie")
{
    StickyTrial trial(gcp,
                      {{"session-affinity", std::string("HEADER_FIELD")},
                       {"http-header-name", std::string("X-User")}});
    std::set<ReplicaIndex> met;
    for (int number = 0; number < 30; ++number) {
        trial.headers.set("X-User", "user-" + std::to_string(number));
        const auto first = trial.ask();
        CHECK(first.setCookies.empty());
        CHECK(first.decision.ledger == Ledger::hash);
        CHECK(trial.ask().decision.replica == first.decision.replica);
        met.insert(first.decision.replica);
    }
    CHECK(met.size() == 3);
    trial.headers.clear();
    CHECK(trial.ask().decision.ledger == Ledger::fresh);
}

TEST_CASE("The cookie of an internal balancer is called GCILB")
{
    for (const char* affinity : {"GENERATED_COOKIE", "STRONG_COOKIE_AFFINITY"}) {
        test::StickyTrial external(gcp, {{"session-affinity", std::string(affinity)}});
        CHECK(external.ask().setCookies.front().starts_with("GCLB="));
        test::StickyTrial internal(gcp,
                                   {{"session-affinity", std::string(affinity)},
                                    {"load-balancing-scheme", std::string("INTERNAL_MANAGED")}});
        CHECK(internal.ask().setCookies.front().starts_with("GCILB="));
    }
}
