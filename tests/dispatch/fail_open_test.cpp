// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Too few servers are fit, and the balancer asks all: Envoy's panic mode, AWS's fail open.
#include "tests/support/places.h"
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using test::first;
using test::second;
using test::StickyTrial;

namespace {

constexpr ReplicaIndex third {2};

Settings threshold(double hundredths)
{
    Settings settings;
    settings.set("healthy-panic-threshold", hundredths);
    return settings;
}

std::set<ReplicaIndex> freshGoTo(StickyTrial& trial)
{
    std::set<ReplicaIndex> servers;
    for (int request = 0; request < 60; ++request)
        servers.insert(trial.ask().decision.replica);
    return servers;
}

using Servers = std::set<ReplicaIndex>;

} // namespace

TEST_CASE("Envoy asks all servers where fewer than half are healthy")
{
    StickyTrial trial(envoy);
    trial.dispatcher.tell(second, false, {});
    CHECK(freshGoTo(trial) == Servers {first, third});
    trial.dispatcher.setDraining(third, true);
    CHECK(freshGoTo(trial) == Servers {first, second, third});
    bool said = false;
    for (int request = 0; request < 6; ++request) {
        const Decision decision = trial.ask().decision;
        const bool panics = decision.rule->sentence.find("panic mode") != std::string_view::npos;
        CHECK(panics == (decision.replica != first));
        said = said || panics;
    }
    CHECK(said);
    // Bound requests look at the health of their server all the same.
    const auto bound = trial.ask();
    trial.dispatcher.tell(bound.decision.replica, false, {});
    CHECK(trial.recall(bound.cookie).state == CookieIn::down);
    // Where it is picked by chance, its cookie need not be set.
    for (int request = 0; request < 6; ++request) {
        const auto again = trial.ask(bound.cookie);
        CHECK(again.setCookies.empty() == (again.decision.replica == bound.decision.replica));
    }
    trial.dispatcher.tell(first, true, {});
    trial.dispatcher.tell(second, true, {});
    CHECK(freshGoTo(trial) == Servers {first, second});
}

TEST_CASE("Envoy's threshold can be set, and 0 means never")
{
    StickyTrial never(envoy, {}, threshold(0));
    StickyTrial seldom(envoy, {}, threshold(30));
    for (StickyTrial* trial : {&never, &seldom}) {
        trial->dispatcher.tell(first, false, {});
        trial->dispatcher.tell(second, false, {});
        CHECK(freshGoTo(*trial) == Servers {third});
        trial->dispatcher.tell(third, false, {});
    }
    CHECK(never.ask().decision.status == 503);
    CHECK(freshGoTo(seldom) == Servers {first, second, third});
}

TEST_CASE("Envoy's backups keep it from panic, for they can take all requests")
{
    ReplicaSet servers = StickyTrial::three();
    ReplicaView backup = test::serverAt(3);
    backup.backup = true;
    servers.add(backup);
    StickyTrial trial(StickyTrial::specOf(envoy, {}, {}), servers);
    trial.dispatcher.tell(first, false, {});
    trial.dispatcher.tell(second, false, {});
    CHECK(freshGoTo(trial) == Servers {third});
    trial.dispatcher.tell(ReplicaIndex {3}, false, {});
    CHECK(freshGoTo(trial) == Servers {first, second, third});
}

TEST_CASE("Contour and Istio switch Envoy's panic mode off")
{
    for (const Product* product : {&contour, &istio}) {
        StickyTrial trial(*product);
        trial.dispatcher.tell(first, false, {});
        trial.dispatcher.tell(second, false, {});
        CHECK(freshGoTo(trial) == Servers {third});
    }
}

TEST_CASE("An Application Load Balancer asks all targets where none is healthy, but those that "
          "have left")
{
    StickyTrial trial(awsAlb);
    trial.dispatcher.tell(first, false, {});
    trial.dispatcher.tell(second, false, {});
    CHECK(freshGoTo(trial) == Servers {third});
    trial.dispatcher.setDraining(third, true);
    CHECK(freshGoTo(trial) == Servers {first, second});
    Settings settings;
    settings.set("minimum-healthy-targets", std::int64_t {2});
    StickyTrial two(awsAlb, {}, settings);
    two.dispatcher.tell(first, false, {});
    CHECK(freshGoTo(two) == Servers {second, third});
    two.dispatcher.tell(second, false, {});
    CHECK(freshGoTo(two) == Servers {first, second, third});
}
