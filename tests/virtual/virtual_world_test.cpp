// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_world.h"

#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <numeric>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::vector<Observation> observe(const std::shared_ptr<const Scenario>& scenario, int lane)
{
    VirtualWorld world(scenario, static_cast<LaneIndex>(lane));
    Recorder recorder;
    world.advance(Instant(scenario->duration), recorder);
    return recorder.all;
}

const char* const shortRun = R"(
version: 1
seed: 3
duration: 30s
travel: 20ms
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, health-check: {every: 2s}}
clients: [{name: x, kind: browser, count: 20, think-time: {exponential: 200ms}}]
timeline: [{at: 10s, stop: b}, {at: 20s, start: b}]
)";

} // namespace

TEST_CASE("In the default scenario the sessions of the stopped server are lost in both lanes")
{
    const auto result = run(shipped("three-replicas.sticky.yaml"));
    REQUIRE(result.lanes.size() == 2);
    for (const LaneResult& lane : result.lanes) {
        CAPTURE(lane.name);
        CHECK(lane.sessionsLostByStop >= 1);
        CHECK(*lane.sessionsLost >= lane.sessionsLostByStop);
        CHECK(*lane.met < 1);
    }
    const LaneResult& on = result.lanes[1];
    CHECK(*on.sessionsLost == on.sessionsLostByStop);
    CHECK(*on.stickiness > *result.lanes[0].stickiness);
    CHECK(result.comparison->sentence.find("because a server stopped: ") != std::string::npos);
}

TEST_CASE("The default scenario is as the first screen promises it")
{
    const auto scenario = shipped("three-replicas.sticky.yaml");
    CHECK(scenario->replicas.size() == 3);
    CHECK(clientNames(*scenario).size() == 6);
    CHECK(scenario->balancer.sticky->cookie == "ws-session");
    CHECK(scenario->balancer.healthCheck->every == 2s);
    CHECK(scenario->duration == 60s);
    REQUIRE(scenario->timeline.size() == 1);
    CHECK(scenario->timeline[0].at == 20s);
    // Something moves within a second.
    const auto all = observe(scenario, 0);
    CHECK(all.front().at < Instant(1s));
}

TEST_CASE("Slices of any length give the same observations")
{
    const auto scenario = scenarioFrom(shortRun);
    const auto whole = run(scenario, 30s, true).trace;
    CHECK(run(scenario, 1ms, true).trace == whole);
    CHECK(run(scenario, 777us, true).trace == whole);
    auto other = std::make_shared<Scenario>(*scenario);
    other->seed = 4;
    CHECK(run(other, 30s, true).trace != whole);
}

TEST_CASE("A copy goes its own way and the original is not disturbed")
{
    const auto scenario = scenarioFrom(shortRun);
    VirtualWorld world(scenario, LaneIndex {1});
    Recorder before;
    world.advance(Instant(8s), before);
    const auto copy = world.clone();
    Recorder copied;
    copy->apply({.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {0}});
    copy->advance(Instant(30s), copied);
    Recorder rest;
    world.advance(Instant(30s), rest);
    CHECK(before.all.size() + rest.all.size() == observe(scenario, 1).size());
    CHECK(copied.all.size() != rest.all.size());
}

TEST_CASE("Lanes keep the same luck: a request's demand is the same wherever it goes")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 60s
replicas: [{name: a, slots: 1000, service-time: {exponential: 50ms}}, {name: b, slots: 1000, service-time: {exponential: 50ms}}]
balancer: {product: traefik}
clients: [{name: x, kind: browser, count: 5, think-time: {exponential: 300ms}}]
)");
    const auto latencies = [&](int lane) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, Duration> result;
        for (const Observation& one : observe(scenario, lane)) {
            if (one.kind == ObservationKind::answered)
                result[{raw(one.client), one.ordinal}] = one.value;
        }
        return result;
    };
    const auto off = latencies(0);
    CHECK(off.size() > 500);
    CHECK(off == latencies(1));
}

TEST_CASE(
    "Until the health check notices, Traefik answers 502 and pins newcomers to the dead server")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 4s
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, health-check: {every: 10s}}
clients: [{name: x, kind: browser, count: 60, think-time: 5s}]
timeline: [{at: 10ms, stop: b}]
lanes: [{name: "on"}]
)");
    int pinned = 0;
    for (const Observation& one : observe(scenario, 0)) {
        if (one.kind != ObservationKind::failed)
            continue;
        CHECK(one.failure == Failure::balancer502);
        CHECK(one.cookieOut == CookieOut::inserted);
        ++pinned;
    }
    CHECK(pinned > 5);
}

TEST_CASE("HAProxy's bound client gets 503 after three seconds, or another server with redispatch "
          "after two")
{
    const auto endOf = [](const char* redispatch) {
        const auto scenario = scenarioFrom(std::string(R"(
version: 1
duration: 30s
replicas: [{name: a, service-time: 1ms}, {name: b, service-time: 1ms}]
balancer: {product: haproxy, sticky: {cookie: SRV}, redispatch: )")
                                           + redispatch + R"(}
clients: [{name: x, kind: browser, think-time: 1s}]
timeline: [{at: 5s, stop: a}, {at: 5s, stop: b}, {at: 5500ms, start: b}]
lanes: [{name: "on"}]
)");
        for (const Observation& one : observe(scenario, 0)) {
            const bool ended =
                one.kind == ObservationKind::answered || one.kind == ObservationKind::failed;
            if (ended && one.value > 1s)
                return one;
        }
        return Observation {};
    };
    const Observation without = endOf("false");
    const Observation with = endOf("true");
    // Bound to a, or to b which is back before the last retry.
    if (without.kind == ObservationKind::failed) {
        CHECK(without.status == 503);
        CHECK(without.value == 3s);
        CHECK(without.cookieOut == CookieOut::none);
        CHECK(with.kind == ObservationKind::answered);
        CHECK(with.value == 2s + 1ms);
        CHECK(with.cookieOut == CookieOut::rewritten);
    } else {
        CHECK(without.value < 3s);
    }
}

TEST_CASE("A draining replica keeps its clients and gets no new ones")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 60s
replicas: [{name: a, service-time: 1ms}, {name: b, service-time: 1ms}]
balancer: {product: haproxy, sticky: {cookie: SRV}}
clients: [{name: own, kind: browser, count: 10, think-time: {exponential: 100ms}}, {name: none, kind: curl, count: 5, rate: 5/s}]
timeline: [{at: 30s, drain: a}]
lanes: [{name: "on"}]
)");
    int kept = 0;
    for (const Observation& one : observe(scenario, 0)) {
        if (one.kind != ObservationKind::placed || one.at <= Instant(30s)
            || one.replica != ReplicaIndex {0})
            continue;
        CHECK(one.ledger == Ledger::draining);
        ++kept;
    }
    CHECK(kept > 100);
    const LaneResult lane = run(scenario).lanes[0];
    for (std::size_t client = 0; client < 10; ++client)
        CHECK(lane.clients[client].lost == 0);
}

TEST_CASE("A WebSocket client comes back to its replica by the cookie of the 101")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 120s
travel: 10ms
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik}
clients: [{name: w, kind: websocket, count: 9, connection-lifetime: {exponential: 3s}, think-time: 100ms}]
timeline: [{at: 60s, cut: all}]
)");
    const auto result = run(scenario);
    CHECK(result.lanes[0].stickiness < 0.6);
    CHECK(result.lanes[1].stickiness == 1.0);
    CHECK(result.lanes[1].messages > 100);
    CHECK(result.lanes[1].cookiesSet == 9);
    int closed = 0;
    for (const Observation& one : observe(scenario, 1))
        closed +=
            one.kind == ObservationKind::closed && one.at == Instant(60s) && one.status == 1006 ? 1
                                                                                                : 0;
    CHECK(closed > 0);
}

TEST_CASE("A WebSocket client sends when its scenario says so")
{
    const auto messages = [](const std::string& settings) {
        const auto scenario = scenarioFrom(R"(
version: 1
duration: 10s
travel: 200ms
replicas: [{name: a, service-time: 1ms}]
balancer: {product: plain}
clients: [{name: w, kind: websocket, connection-lifetime: 1h, think-time: 0s, )"
                                           + settings + R"(}]
lanes: [{name: "off", sticky: none}]
)");
        std::vector<Duration> at;
        Instant opened {};
        for (const Observation& one : observe(scenario, 0)) {
            if (one.kind == ObservationKind::opened)
                opened = one.at;
            if (one.kind == ObservationKind::message)
                at.push_back(one.at - opened);
        }
        return at;
    };
    CHECK(messages("send: on-open") == std::vector<Duration> {200ms});
    CHECK(messages("send: never").empty());
    const auto every = messages("send: every, message-every: 1s");
    REQUIRE(every.size() == 10);
    CHECK(every[1] == 1200ms);
    CHECK(every[9] == 9200ms);
    const auto after = messages("message-every: 1s");
    REQUIRE(after.size() == 9 - 1);
    CHECK(after[1] == 1400ms);
    CHECK(messages("send: after-answer, message-every: 1s") == after);
    CHECK(messages("message-every: 0s").empty());
    CHECK(messages("send: on-open, message-every: 0s").size() == 1);
}

TEST_CASE("A jar that is shared sends everybody to one replica; without a jar nobody stays")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 60s
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik}
clients:
  - {name: one, kind: curl, count: 5, jar: shared, every: 1s}
  - {name: none, kind: curl, count: 5, jar: none, every: 1s}
lanes: [{name: "on"}]
)");
    const LaneResult lane = run(scenario).lanes[0];
    std::array<int, 3> used {};
    for (std::size_t client = 0; client < 5; ++client) {
        const auto& counts = lane.clients[client].replicas;
        for (std::size_t replica = 0; replica < 3; ++replica)
            used.at(replica) += counts[replica] > 3 ? 1 : 0;
    }
    CHECK(std::count(used.begin(), used.end(), 5) == 1);
    for (std::size_t client = 5; client < 10; ++client)
        CHECK(lane.clients[client].stickiness < 0.6);
}

TEST_CASE("A cookie that the clients' http cannot return is set again and again")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 30s
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, sticky: {cookie: c, secure: true}}
clients: [{name: x, kind: browser, count: 4, think-time: 500ms}]
lanes: [{name: "on"}]
)");
    const LaneResult lane = run(scenario).lanes[0];
    CHECK(lane.cookiesSet == lane.requests);
    CHECK(lane.stickiness < 0.6);
}

TEST_CASE("Sessions in a shared store are never broken, those with the connection always")
{
    for (const char* store : {"shared", "with-connection"}) {
        const auto scenario = scenarioFrom(std::string(R"(
version: 1
duration: 30s
replicas: [{name: a, sessions: )") + store
                                           + "}, {name: b, sessions: " + store + R"(}]
balancer: {product: plain}
clients: [{name: x, kind: browser, count: 4, think-time: 500ms}]
timeline: [{at: 10s, stop: a}, {at: 12s, start: a}]
lanes: [{name: "off", sticky: none}]
)");
        const LaneResult lane = run(scenario).lanes[0];
        CAPTURE(store);
        REQUIRE(lane.followUps > 50);
        CHECK(*lane.met == (std::string(store) == "shared" ? 1.0 : 0.0));
    }
}

TEST_CASE("A full queue refuses, and the refusal is the balancer's own 502")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 10s
replicas: [{name: a, slots: 1, queue: 2, service-time: 1s}]
balancer: {product: plain}
clients: [{name: x, kind: curl, count: 1, every: 100ms}]
lanes: [{name: "off", sticky: none}]
)");
    const LaneResult lane = run(scenario).lanes[0];
    CHECK(lane.answered == doctest::Approx(9).epsilon(0.2));
    CHECK(lane.failures.at(static_cast<std::size_t>(Failure::balancer502)) == lane.failed);
    CHECK(lane.latency->p99 == doctest::Approx(3000).epsilon(0.05));
}
