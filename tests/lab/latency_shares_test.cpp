// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What goes by latency gives the fastest as much in the lab, by the clock, as in the model.
#include "tests/lab/both_worlds.h"
#include "tests/support/scenarios.h"

using namespace stickyscope;

namespace {

double shareOfFirst(Experiment& experiment)
{
    const LaneResult lane = experiment.result().lanes[0];
    REQUIRE(lane.answered > 300);
    return *lane.replicas[0].share;
}

double shareByTheClock(const std::shared_ptr<const Scenario>& scenario)
{
    auto lab = lab::makeLab(scenario, {});
    REQUIRE_MESSAGE(lab, lab.error());
    const auto begun = std::chrono::steady_clock::now();
    while (lab->experiment.now() < Instant(scenario->duration)) {
        lab->experiment.advance(std::chrono::steady_clock::now() - begun
                                - lab->experiment.now().time_since_epoch());
        std::this_thread::yield();
    }
    return shareOfFirst(lab->experiment);
}

void compareShares(const std::string& balancer)
{
    CAPTURE(balancer);
    const auto scenario = test::scenarioFrom(R"(
version: 1
duration: 6s
replicas:
  - {name: a, service-time: 5ms}
  - {name: b, service-time: 20ms}
  - {name: c, service-time: 40ms}
balancer: {)" + balancer + "}\n" + test::everywhere("5/s")
                                             + R"(
lanes: [{name: "off", sticky: none}]
)");
    Experiment model = makeVirtualExperiment(scenario, {});
    model.advance(scenario->duration);
    const doctest::Approx expected = doctest::Approx(shareOfFirst(model)).epsilon(0.15);
    CHECK(expected > 0.4);
    // Where others use the processors, requests come in bunches, and the fastest is the busiest:
    // then once more.
    double share = 0;
    for (int time = 0; time < 4 && share != expected; ++time)
        share = shareByTheClock(scenario);
    CHECK(share == expected);
    MESSAGE(balancer, ": ", shareOfFirst(model), " and ", share);
}

} // namespace

TEST_CASE("ingress-nginx's ewma gives shares alike by the clock")
{
    compareShares("product: ingress-nginx, algorithm: ewma");
}

TEST_CASE("Kong's latency gives shares alike by the clock")
{
    compareShares("product: kong, algorithm: latency");
}

TEST_CASE("Traefik's leasttime gives shares alike by the clock")
{
    compareShares("product: traefik, algorithm: leasttime");
}
