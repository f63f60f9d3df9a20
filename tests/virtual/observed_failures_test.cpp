// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Passive checks beside active ones: what requests have found is for the checks to take back.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

/// When the balancer thought otherwise of replica "a", which is dead from 10 s to 40.5 s.
std::vector<std::pair<bool, Instant>> changesOf(const std::string& balancer)
{
    const auto scenario = scenarioFrom(
        "version: 1\nduration: 60s\nreplicas: [{name: a, service-time: 10ms}, {name: b, "
        "service-time: 10ms}]\nbalancer: {"
        + balancer
        + "}\nclients: [{name: x, kind: curl, every: 100ms}]\nlanes: [{name: one}]\n"
          "timeline: [{at: 10s, stop: a}, {at: 40.5s, start: a}]\n");
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(60s), recorder);
    std::vector<std::pair<bool, Instant>> changes;
    for (const Observation& one : recorder.all) {
        if (one.kind == ObservationKind::noticedUp || one.kind == ObservationKind::noticedDown)
            changes.emplace_back(one.kind == ObservationKind::noticedUp, one.at);
    }
    return changes;
}

} // namespace

TEST_CASE("A server that requests have found dead is out until checks find it alive")
{
    // HAProxy's checks alone would need three that fail, and all are at every second second.
    const std::vector<std::pair<std::string, Instant>> rows {
        {"product: haproxy, observe: layer4, error-limit: 1, "
         "health-check: {every: 2s, fall: 3, rise: 2}",
         Instant(44s)},
        {"product: traefik, max-failed-attempts: 1, failure-window: 1s, health-check: {every: 2s}",
         Instant(42s)}};
    for (const auto& row : rows) {
        CAPTURE(row.first);
        const auto changes = changesOf(row.first);
        REQUIRE(changes.size() == 2);
        CHECK_FALSE(changes[0].first);
        CHECK(changes[0].second < Instant(10500ms));
        CHECK(changes[1] == std::pair(true, row.second));
    }
}

TEST_CASE("Without active checks Traefik tries it again whenever its window is over")
{
    const auto changes = changesOf("product: traefik, max-failed-attempts: 1, failure-window: 5s");
    REQUIRE(changes.size() > 10);
    CHECK(changes.back().first);
    CHECK(changes.back().second < Instant(46s));
    CHECK(changes[1].second - changes[0].second >= 5s);
}

TEST_CASE("nginx has a server for up again once a request has succeeded there")
{
    const auto changes = changesOf("product: nginx, max-fails: 1, fail-timeout: 2s");
    REQUIRE(changes.size() == 2);
    CHECK_FALSE(changes[0].first);
    CHECK(changes[0].second < Instant(10500ms));
    CHECK(changes[1].first);
    CHECK(changes[1].second > Instant(40500ms));
    CHECK(changes[1].second < Instant(44500ms));
}
