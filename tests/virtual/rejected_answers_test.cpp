// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that a balancer does not pass on, in a whole world.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

// Of a hundred requests so many are answered with 503; server a answers all of its so.
std::ptrdiff_t errors(const std::string& balancer)
{
    VirtualWorld world(scenarioFrom("version: 1\nduration: 10s\nreplicas:\n"
                                    "  - {name: a, faults: {errors: {status: 503}}}\n"
                                    "  - {name: b}\n  - {name: c}\nbalancer: {sticky: none, "
                                    + balancer
                                    + "}\nclients: [{name: c, kind: curl, every: 100ms}]\n"
                                      "lanes: [{name: one}]\n"),
                       LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(10s), recorder);
    return std::count_if(recorder.all.begin(), recorder.all.end(), [](const Observation& one) {
        return one.kind == ObservationKind::answered && one.status == 503;
    });
}

} // namespace

TEST_CASE("Nobody meets a server's errors where its balancer sends the request elsewhere")
{
    CHECK(errors("product: nginx") >= 32);
    CHECK(errors("product: nginx, proxy-next-upstream: error http_503") == 0);
    CHECK(errors("product: haproxy, retry-on: '503'") >= 32);
    CHECK(errors("product: haproxy, retry-on: '503', redispatch: true") == 0);
    CHECK(errors("product: envoy, retry-on: connect-failure") >= 32);
    CHECK(errors("product: envoy, retry-on: 5xx") == 0);
    CHECK(errors("product: envoy, retry-on: gateway-error reset") == 0);
}
