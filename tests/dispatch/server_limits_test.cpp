// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/server_limits.h"

#include "sim/virtual/virtual_world.h"
#include "tests/support/places.h"
#include "tests/support/scenarios.h"
#include "tests/support/sticky_trial.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using test::first;
using test::second;
using namespace std::chrono_literals;

namespace {

ServerLimits limits(int longestQueue = 0)
{
    return {{.most = 1, .queues = true, .longestQueue = longestQueue}, 2};
}

const char* const crowded = R"(
version: 1
seed: 3
duration: 60s
travel: 0s
replicas: [{name: a, slots: 100, service-time: 1s}, {name: b, slots: 100, service-time: 1s}]
clients: [{name: x, kind: load, bursts: {every: 10s, requests: 6}}]
balancer: )";

std::vector<Observation> observe(const std::string& balancer, const std::string& more = {})
{
    const auto scenario = test::scenarioFrom(crowded + balancer + "\n" + more);
    VirtualWorld world(scenario, LaneIndex {0});
    test::Recorder recorder;
    world.advance(Instant(scenario->duration), recorder);
    return recorder.all;
}

long count(const std::vector<Observation>& all, ObservationKind kind, Duration until)
{
    return std::count_if(all.begin(), all.end(), [&](const Observation& one) {
        return one.kind == kind && one.at < Instant(until);
    });
}

} // namespace

TEST_CASE("Whoever has waited longest comes first, for this server or for any")
{
    ServerLimits all = limits();
    all.assigned(first);
    all.wait({.ticket = 1, .replica = first});
    all.wait({.ticket = 2});
    all.wait({.ticket = 3, .replica = second});
    CHECK_FALSE(all.next(first, true));
    all.released(first, false);
    CHECK(all.next(first, true)->ticket == 1);
    CHECK(all.next(first, true)->ticket == 2);
    CHECK_FALSE(all.next(first, true));
    CHECK(all.next(second, true)->ticket == 3);
}

TEST_CASE("Those who wait for any do not go to a server that takes none of them")
{
    ServerLimits all = limits();
    all.wait({.ticket = 1});
    all.wait({.ticket = 2, .replica = first});
    CHECK(all.next(first, false)->ticket == 2);
    CHECK_FALSE(all.next(first, false));
}

TEST_CASE("A server for which somebody waits is full, whatever it has")
{
    ServerLimits all = limits(2);
    CHECK_FALSE(all.full(first));
    all.wait({.ticket = 1, .replica = first});
    CHECK(all.full(first));
    CHECK_FALSE(all.queueFull(first));
    all.wait({.ticket = 2, .replica = first});
    CHECK(all.queueFull(first));
    CHECK(all.leave(1)->replica == first);
    CHECK_FALSE(all.queueFull(first));
    CHECK_FALSE(all.leave(1));
    CHECK(all.waiting() == std::vector<ServerLimits::Ticket> {2});
}

TEST_CASE("Idle connections count as well, and a server without one may have one")
{
    ServerLimits all({.connections = 2, .queues = true, .longestQueues = 1}, 2);
    all.assigned(first);
    all.assigned(first);
    CHECK(all.full(first));
    all.released(first, false);
    CHECK_FALSE(all.full(first));
    CHECK_FALSE(all.full(second));
    all.assigned(second);
    CHECK(all.full(second));
    all.wait({.ticket = 1, .replica = second});
    CHECK(all.queueFull(first));
    // It has an idle one, and needs none.
    CHECK_FALSE(all.connectsInVain(first));
    CHECK(all.connectsInVain(second));
    // Those of a request that failed are gone.
    all.assigned(first);
    all.released(first, true);
    all.leave(1);
    all.released(second, false);
    all.assigned(second);
    CHECK(all.full(second));
    all.assigned(first);
    CHECK(all.full(first));
}

TEST_CASE("So many requests of all servers together")
{
    ServerLimits all({.mostRequests = 2}, 2);
    all.assigned(first);
    CHECK_FALSE(all.tooMany());
    all.assigned(second);
    CHECK(all.tooMany());
    CHECK_FALSE(all.full(first));
    all.released(first, false);
    CHECK_FALSE(all.tooMany());
}

TEST_CASE("With Apache's max requests wait for their own server, and with acquire not for long")
{
    const auto all = observe("{product: apache, max: 1}");
    CHECK(count(all, ObservationKind::failed, 60s) == 0);
    CHECK(count(all, ObservationKind::answered, 60s) >= 24);
    // Whoever waits in vain puts the member in error; with both in error, none of them is any more.
    const auto impatient = observe("{product: apache, max: 1, acquire: 300ms, retry: 1s}");
    CHECK(count(impatient, ObservationKind::failed, 60s) > 0);
    CHECK(count(impatient, ObservationKind::noticedDown, 60s) > 0);
}

TEST_CASE("With HAProxy's maxconn requests wait in virtual time, and are answered in turn")
{
    // Six at once, two servers with one each: two are answered each second.
    const auto all = observe("{product: haproxy, maxconn: 1, timeout-queue: 20s}");
    CHECK(count(all, ObservationKind::failed, 60s) == 0);
    CHECK(count(all, ObservationKind::answered, 60s) >= 24);
    std::vector<int> busy(2, 0);
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::placed)
            CHECK(++busy.at(raw(one.replica)) <= 1);
        if (one.kind == ObservationKind::answered)
            --busy.at(raw(one.replica));
    }
}

TEST_CASE("Who waits longer than timeout queue gets 503 from HAProxy, in virtual time")
{
    const auto all = observe("{product: haproxy, maxconn: 1, timeout-queue: 500ms}");
    CHECK(count(all, ObservationKind::failed, 60s) > 0);
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::failed)
            CHECK(one.status == 503);
    }
}

TEST_CASE("Where all of nginx's servers are full it answers 502, and Caddy 503, at once")
{
    const auto isRefused = [](const std::vector<Observation>& all, int status) {
        return std::any_of(all.begin(), all.end(), [&](const Observation& one) {
            return one.kind == ObservationKind::failed && one.status == status;
        });
    };
    CHECK(isRefused(observe("{product: nginx, max-conns: 1}"), 502));
    CHECK(isRefused(observe("{product: caddy, unhealthy-request-count: 1, max-fails: 1}"), 503));
    // Alone it leaves no server over: Caddy 2.6.2, measured.
    CHECK(count(observe("{product: caddy, unhealthy-request-count: 5}"), ObservationKind::answered,
                60s)
          == 0);
}

TEST_CASE("A reload places those who wait anew; a restart drops them")
{
    const std::string balancer = "{product: haproxy, maxconn: 1, timeout-queue: 50s}";
    const auto reloaded =
        observe(balancer, "timeline: [{at: 10s, reload: balancer}, {at: 20s, reload: balancer}]\n");
    CHECK(count(reloaded, ObservationKind::failed, 60s) == 0);
    const auto sent = count(reloaded, ObservationKind::sent, 50s);
    CHECK(count(reloaded, ObservationKind::answered, 60s) >= sent);
    const auto restarted = observe(balancer, "timeline: [{at: 20500ms, restart: balancer}]\n");
    CHECK(count(restarted, ObservationKind::answered, 60s)
              + count(restarted, ObservationKind::failed, 60s)
          >= count(restarted, ObservationKind::sent, 50s));
}

TEST_CASE("HAProxy's maxconn holds for those whose cookie is bound as well")
{
    test::StickyTrial trial(haproxy, {},
                            {{"maxconn", std::int64_t {1}}, {"maxqueue", std::int64_t {1}}});
    Dispatcher& dispatcher = trial.dispatcher;
    const auto before = trial.ask();
    dispatcher.released({.replica = before.decision.replica});
    const Recall recall = trial.recall(before.cookie);
    REQUIRE(recall.bound);
    const auto place = [&](ServerLimits::Ticket ticket) {
        Circumstances circumstances {.draw = Draw(1, 0, ticket, 0, Purpose::balancerChoice),
                                     .ticket = ticket};
        return dispatcher.place(recall, circumstances);
    };
    const Decision there = place(1);
    CHECK(there.replica == recall.names);
    CHECK_FALSE(there.waits);
    const Decision waits = place(2);
    CHECK(waits.waits);
    CHECK(waits.replica == recall.names);
    const Decision refused = place(3);
    CHECK_FALSE(refused.waits);
    CHECK(refused.replica == noReplica);
    CHECK(refused.status == 503);
    CHECK_FALSE(dispatcher.callIn(recall.names, {}));
    dispatcher.released({.replica = recall.names, .bound = Bound::yes});
    CHECK(dispatcher.callIn(recall.names, {}) == 2U);
    CHECK_FALSE(dispatcher.callIn(recall.names, {}));
}
