// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions that a header carries, in virtual time.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <string>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

LaneResult onOf(const std::string& clients, const std::string& balancer)
{
    return run(scenarioFrom(
                   "version: 1\nduration: 60s\nreplicas: [{name: a}, {name: b}, {name: c}]\n"
                   "clients: ["
                   + clients + "]\nbalancer: " + balancer + "\n"))
        .lanes.back();
}

const std::string gateway =
    "{product: gateway-api, sticky: {cookie: X-Cart, persistence-type: Header}}";
const std::string restClients =
    "{name: x, kind: rest, count: 12, think-time: {exponential: 400ms}, "
    "session: {requests: 0}";

} // namespace

TEST_CASE("Clients that carry the session's header stay, those that do not are placed anew")
{
    const LaneResult carrying = onOf(restClients + ", carries: x-cart}", gateway);
    CHECK(carrying.requests > 500);
    CHECK(carrying.switches == 0);
    const LaneResult forgetting = onOf(restClients + "}", gateway);
    CHECK(forgetting.switches > 100);
    const LaneResult other = onOf(restClients + ", carries: x-other}", gateway);
    CHECK(other.switches > 100);
}

TEST_CASE("A header's session that loses its backend goes on elsewhere, once")
{
    const LaneResult on =
        onOf(restClients + ", carries: X-Cart}",
             "{product: gateway-api, health-check: {every: 1s}, sticky: {cookie: X-Cart, "
             "persistence-type: Header}}\ntimeline: [{at: 20s, stop: b}, {at: 40s, start: b}]");
    // Those of b go to one of the others, and stay there: nobody comes back.
    CHECK(on.switches > 0);
    CHECK(on.switches <= 12);
}

TEST_CASE("By Cloudflare's header all clients that send the same one are at one endpoint")
{
    const auto largest = [](const std::string& header) {
        const LaneResult on =
            onOf(restClients + ", headers: {" + header + ": blue}}",
                 "{product: cloudflare, sticky: {affinity-by: header, affinity-header: X-Tenant}}");
        double share = 0;
        for (const ReplicaResult& replica : on.replicas)
            share = std::max(
                share, static_cast<double>(replica.requests) / static_cast<double>(on.requests));
        return share;
    };
    CHECK(largest("X-Tenant") > 0.9); // the first ones may come side by side
    CHECK(largest("X-Other") < 0.5);
}

TEST_CASE("A copy of a world goes on with what was read of a header, when the original is gone")
{
    const auto scenario = scenarioFrom(
        "version: 1\nduration: 60s\nreplicas: [{name: a}, {name: b}, {name: c}]\nclients: ["
        + restClients
        + ", headers: {X-Tenant: a-value-that-is-longer-than-a-short-string}}]\nbalancer: "
          "{product: cloudflare, sticky: {affinity-by: header, affinity-header: X-Tenant}}\n");
    auto world = std::make_unique<VirtualWorld>(scenario, LaneIndex {1});
    Recorder before;
    world->advance(Instant(10s + 123ms), before);
    auto copy = std::make_unique<VirtualWorld>(*world);
    world.reset();
    Recorder after;
    copy->advance(Instant(60s), after);
    std::map<ReplicaIndex, int> met;
    for (const Observation& one : after.all) {
        if (one.kind == ObservationKind::answered)
            ++met[one.replica];
    }
    CHECK(met.size() == 1);
}
