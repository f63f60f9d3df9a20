// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that are changed while the world runs.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Scenario> weighed(const std::string& balancer, const std::string& client,
                                  const std::string& timeline)
{
    return scenarioFrom("version: 1\nduration: 90s\n"
                        "replicas: [{name: a, slots: 1000}, {name: b, slots: 1000}]\nbalancer: "
                        + balancer + "\nclients: [{name: x, " + client
                        + "}]\nlanes: [{name: one}]\ntimeline: " + timeline + "\n");
}

/// How many were answered by `a` from one second after `begin` to `end`.
std::ptrdiff_t atFirst(const std::shared_ptr<const Scenario>& scenario, Duration begin,
                       Duration end)
{
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(scenario->duration), recorder);
    return std::count_if(recorder.all.begin(), recorder.all.end(), [=](const Observation& one) {
        return one.kind == ObservationKind::answered && one.replica == ReplicaIndex {0}
        && one.at > Instant(begin + 1s) && one.at < Instant(end);
    });
}

} // namespace

TEST_CASE(
    "Who is bound to a server whose weight becomes 0 moves, or stays where its product keeps him")
{
    const auto moved = [](const std::string& balancer) {
        return run(weighed(balancer, "kind: browser, count: 8, think-time: {exponential: 500ms}",
                           "[{at: 30s, weight: {of: a, to: 0}}]"))
            .lanes[0]
            .switches;
    };
    CHECK(moved("{product: traefik}") > 0);
    CHECK(moved("{product: haproxy}") == 0);
    CHECK(moved("{product: gateway-api}") == 0);
    CHECK(moved("{product: custom}") > 0);
    CHECK(moved("{product: custom, sticky: {keep-weight-zero: true}}") == 0);
}

TEST_CASE(
    "No fresh request goes to a server of weight 0 until it has another, whatever is reloaded")
{
    for (const std::string balancer :
         {"{product: traefik, sticky: none}", "{product: haproxy, sticky: none}",
          "{product: haproxy, sticky: none, slowstart: 20s}", "{product: nginx, sticky: none}"}) {
        CAPTURE(balancer);
        const auto scenario =
            weighed(balancer, "kind: curl, jar: none, rate: 20/s",
                    "[{at: 30s, weight: {of: a, to: 0}}, {at: 40s, reload: balancer}, {at: 50s, "
                    "restart: balancer}, {at: 60s, weight: {of: a, to: 3}}]");
        CHECK(atFirst(scenario, 0s, 30s) > 200);
        CHECK(atFirst(scenario, 30s, 60s) == 0);
        CHECK(atFirst(scenario, 60s, 90s) > 400);
    }
}
