// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/rolling_update.h"

#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;
using Kind = Intervention::Kind;

namespace {

std::shared_ptr<const Scenario> three(const std::string& timeline, const std::string& more = {})
{
    return scenarioFrom("version: 1\nreplicas: [{name: a, address: 10.0.0.1:80, weight: 3}, "
                        "{name: b, leaves: 5s}, {name: c}]\nbalancer: {product: haproxy}\n"
                        "clients: [{name: x, kind: curl}]\ntimeline: ["
                        + timeline + "]\n" + more);
}

std::string told(const std::vector<TimelineEntry>& steps)
{
    std::string text;
    for (const TimelineEntry& step : steps)
        text += std::to_string(step.at / 1s) + " "
            + (endsUpdate(step.intervention) ? std::string("end")
                                             : std::string(nameOf(step.intervention.kind)) + " "
                       + std::to_string(raw(step.intervention.replica)))
            + "\n";
    return text;
}

std::string names(const Scenario& scenario)
{
    std::string text;
    for (const ReplicaSpec& replica : scenario.replicas)
        text += replica.name + " ";
    return text;
}

} // namespace

TEST_CASE("One replica after the other drains, goes and comes back")
{
    const RollingUpdate update {.every = 10s, .drain = 2s, .startsIn = 1s};
    CHECK(told(stepsOf(update, 20s, {ReplicaIndex {0}, ReplicaIndex {2}}))
          == "20 drain 0\n22 remove 0\n23 start 0\n30 drain 2\n32 remove 2\n33 start 2\n33 end\n");
}

TEST_CASE("Those that are replaced for good are drained and stop, at once where they do not drain")
{
    const RollingUpdate update {.every = 1s, .drain = 0s, .newAddresses = true};
    CHECK(told(stepsOf(update, 20s, {ReplicaIndex {0}, ReplicaIndex {1}}))
          == "20 stop 0\n21 stop 1\n22 end\n");
}

TEST_CASE("An update to new addresses brings a replica for each that is there, and ends that one")
{
    const auto scenario =
        three("{at: 20s, rolling-update: {every: 10s, drain: 2s, starts-in: 1s, addresses: new}}");
    const auto played = asPlayed(scenario);
    CHECK(names(*scenario) == "a b c ");
    REQUIRE(names(*played) == "a b c a-v2 c-v2 ");
    CHECK(played->replicas[0].leaves == 22s);
    CHECK(played->replicas[1].leaves == 5s);
    const ReplicaSpec& next = played->replicas[3];
    CHECK(next.joins == 23s);
    CHECK(next.weight == 3);
    CHECK(next.replaces == "a");
    CHECK(next.address.empty()); // another one is made up
    CHECK(played->replicas[4].joins == 33s);
    CHECK(asPlayed(played) == played);
}

TEST_CASE("The next update replaces what the last one brought")
{
    const auto played = asPlayed(three("{at: 60s, rolling-update: {addresses: new}}, "
                                       "{at: 20s, rolling-update: {every: 1s, addresses: new}}"));
    CHECK(names(*played) == "a b c a-v2 c-v2 a-v3 c-v3 ");
}

TEST_CASE("New replicas are servers of the balancers that had the old ones")
{
    const auto played = asPlayed(scenarioFrom(
        "version: 1\nreplicas: [{name: a}, {name: b}]\nbalancer: {product: traefik, servers: "
        "[in]}\n"
        "balancers: [{name: in, product: traefik, servers: [a, b]}]\nclients: [{name: x, kind: "
        "curl}]\ntimeline: [{at: 1s, rolling-update: {addresses: new}}]\n"));
    CHECK(played->balancer.servers == std::vector<std::string> {"in"});
    CHECK(played->balancers[0].servers == std::vector<std::string> {"a", "b", "a-v2", "b-v2"});
}

TEST_CASE("Where nothing comes by a new address, the scenario is played as it stands")
{
    const auto scenario = three("{at: 20s, rolling-update: all}");
    CHECK(asPlayed(scenario) == scenario);
    CHECK(rollingUpdateOf(scenario->timeline[0].intervention) == RollingUpdate {});
}
