// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are tried again after a pause.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

TEST_CASE("After its pause a request goes to whom the balancer would choose then")
{
    // The first finds a dead, and the second, before the first goes on, b.
    VirtualWorld world(
        scenarioFrom("version: 1\nduration: 20s\ntravel: 0ms\n"
                     "replicas: [{name: a, service-time: 10ms}, {name: b, service-time: 10ms}, "
                     "{name: c, service-time: 10ms}]\n"
                     "balancer: {product: caddy, algorithm: first, sticky: none, max-fails: 1, "
                     "fail-duration: 60s, lb-try-duration: 10s, lb-try-interval: 1s}\n"
                     "clients: [{name: x, kind: load, every: 500ms}]\nlanes: [{name: one}]\n"
                     "timeline: [{at: 10s, stop: a}, {at: 10s, stop: b}]\n"),
        LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(20s), recorder);
    int paused = 0;
    for (const Observation& one : recorder.all) {
        CHECK(one.kind != ObservationKind::failed);
        if (one.kind == ObservationKind::answered && one.value >= 1s) {
            CHECK(one.value == 1010ms);
            ++paused;
        }
    }
    CHECK(paused == 2);
}
