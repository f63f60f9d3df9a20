// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/imbalance.h"
#include "sim/measure/lane_measures.h"
#include "sim/measure/latency_histogram.h"
#include "tests/support/scenarios.h"

#include <cmath>
#include <doctest/doctest.h>
#include <numeric>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

const char* const mixed = R"(
version: 1
seed: 11
duration: 60s
travel: 30ms
replicas: [{name: a, slots: 2, queue: 3, service-time: {exponential: 80ms}}, {name: b}, {name: c}]
balancer: {product: PRODUCT, health-check: {every: 2s}}
clients:
  - {name: x, kind: browser, count: 10, think-time: {exponential: 300ms}, session: {requests: 7}}
  - {name: y, kind: curl, count: 3, rate: 4/s}
  - {name: z, kind: websocket, count: 4, connection-lifetime: {exponential: 4s}}
  - {name: r, kind: rest, count: 2, every: 250ms, session: {requests: 0}}
timeline: [{at: 15s, stop: b}, {at: 30s, start: b}, {at: 40s, drain: c}, {at: 45s, take-cookies: all}]
)";

}

TEST_CASE("Parts sum to the whole, whatever the product")
{
    for (const char* product : {"traefik", "haproxy", "plain"}) {
        std::string yaml = mixed;
        yaml.replace(yaml.find("PRODUCT"), 7, product);
        for (const LaneResult& lane : run(scenarioFrom(yaml)).lanes) {
            CAPTURE(product);
            CAPTURE(lane.name);
            CHECK(lane.requests == lane.answered + lane.failed);
            CHECK(lane.requests > 500);
            Count byReplica = 0;
            double share = 0;
            for (const ReplicaResult& replica : lane.replicas) {
                byReplica += replica.requests;
                share += *replica.share;
                CHECK(std::accumulate(replica.ledger.begin(), replica.ledger.end(), Count {0})
                      == replica.requests);
            }
            CHECK(byReplica + lane.unidentified == lane.answered);
            CHECK(share == doctest::Approx(1));
            CHECK(std::accumulate(lane.failures.begin(), lane.failures.end(), Count {0})
                  == lane.failed);
            Count requests = 0;
            Count switches = 0;
            Count answered = 0;
            for (const ClientResult& client : lane.clients) {
                requests += client.requests;
                switches += client.switches;
                answered =
                    std::accumulate(client.replicas.begin(), client.replicas.end(), answered);
            }
            CHECK(requests == lane.requests);
            CHECK(switches == lane.switches);
            CHECK(answered == lane.answered);
            KindResult all {.broken = 0, .lost = 0};
            for (const KindResult& kind : lane.kinds) {
                all.clients += kind.clients;
                all.requests += kind.requests;
                all.answered += kind.answered;
                all.followUps += kind.followUps;
                all.switches += kind.switches;
                *all.broken += *kind.broken;
                *all.lost += *kind.lost;
                CHECK(*kind.stickiness
                      == 1
                          - static_cast<double>(kind.switches)
                              / static_cast<double>(kind.followUps));
            }
            CHECK(lane.kinds.size() == 4);
            CHECK(all.clients == lane.clients.size());
            CHECK(all.requests == lane.requests);
            CHECK(all.answered == lane.answered);
            CHECK(all.followUps == lane.followUps);
            CHECK(all.switches == lane.switches);
            CHECK(all.broken == lane.broken);
            CHECK(all.lost == lane.sessionsLost);
            Count closed = 0;
            for (const auto& [code, count] : lane.closes)
                closed += count;
            CHECK(closed > 0);
            CHECK(*lane.broken <= lane.followUps);
            CHECK(*lane.sessionsLost <= lane.sessionsBegun);
            CHECK(lane.sessionsBegun + lane.followUps - *lane.broken == lane.answered);
        }
    }
}

TEST_CASE("Kinds stand in the order in which they appear, and hide what is not visible")
{
    LaneMeasures measures;
    const auto observe = [&](std::uint32_t client, ObservationKind kind) {
        Observation one {.client = static_cast<ClientIndex>(client), .kind = kind};
        one.failure = kind == ObservationKind::failed ? Failure::timedOut : Failure::none;
        measures.observe({&one, 1});
    };
    observe(0, ObservationKind::answered); // by nobody knows whom
    observe(1, ObservationKind::failed);
    observe(2, ObservationKind::answered);
    Observation closed {.status = 1006, .kind = ObservationKind::closed};
    measures.observe({&closed, 1});
    measures.observe({&closed, 1});
    Cast cast {.clients = {"x", "y", "z", "not yet"},
               .clientKinds = {"rest", "browser", "rest", "rest"}};
    cast.sessionsVisible = false;
    const LaneResult result = measures.result(cast, 0); // kinds hold those that are not listed
    REQUIRE(result.kinds.size() == 2);
    CHECK(result.kinds[0].kind == "rest");
    CHECK(result.kinds[0].clients == 3);
    CHECK(result.kinds[0].requests == 2);
    CHECK(result.kinds[0].answered == 2);
    CHECK(result.kinds[1].requests == 1);
    CHECK(result.kinds[1].answered == 0);
    CHECK_FALSE(result.kinds[0].stickiness);
    CHECK_FALSE(result.kinds[0].broken);
    CHECK_FALSE(result.kinds[0].lost);
    CHECK(result.closes == std::map<std::uint16_t, Count> {{1006, 2}});
}

TEST_CASE("A latency's percentile is right within 0.1 %")
{
    LatencyHistogram histogram;
    for (int milliseconds = 1; milliseconds <= 10'000; ++milliseconds)
        histogram.add(std::chrono::milliseconds(milliseconds));
    CHECK(inMilliseconds(histogram.percentile(0.5)) == doctest::Approx(5000).epsilon(0.001));
    CHECK(inMilliseconds(histogram.percentile(0.99)) == doctest::Approx(9900).epsilon(0.001));
    CHECK(histogram.result()->mean == doctest::Approx(5000.5));
    LatencyHistogram other;
    other.add(20'000ms);
    other.merge(histogram);
    CHECK(other.count() == 10'001);
    CHECK(inMilliseconds(other.percentile(1)) == doctest::Approx(20'000).epsilon(0.001));
    CHECK_FALSE(LatencyHistogram().result());
}

TEST_CASE("Imbalance of an even, an uneven and an empty spread")
{
    const std::vector<Count> even {5, 5, 5};
    CHECK(imbalanceOf(even)->busiestOverMean == doctest::Approx(1));
    CHECK(imbalanceOf(even)->cv == doctest::Approx(0));
    CHECK(imbalanceOf(even)->jain == doctest::Approx(1));
    const std::vector<Count> one {9, 0, 0};
    CHECK(imbalanceOf(one)->busiestOverMean == doctest::Approx(3));
    CHECK(imbalanceOf(one)->jain == doctest::Approx(1.0 / 3));
    CHECK(imbalanceOf(one)->cv == doctest::Approx(std::sqrt(2.0)));
    CHECK_FALSE(imbalanceOf(std::vector<Count> {0, 0}));
}

TEST_CASE("A switch within a session counts, the start of the next session does not")
{
    LaneMeasures measures;
    const auto answer = [&](int replica, SessionMark mark) {
        Observation one {.client = ClientIndex {0},
                         .replica = static_cast<ReplicaIndex>(replica),
                         .kind = ObservationKind::answered,
                         .session = mark};
        measures.observe({&one, 1});
    };
    answer(0, SessionMark::begins);
    answer(0, SessionMark::met);
    answer(1, SessionMark::broken);
    answer(1, SessionMark::met);
    answer(2, SessionMark::begins);
    const Cast cast {.replicas = {"a", "b", "c"}, .clients = {"x"}, .clientKinds = {"browser"}};
    const LaneResult result = measures.result(cast, 10);
    CHECK(result.followUps == 3);
    CHECK(result.switches == 1);
    CHECK(*result.broken == 1);
    CHECK(result.sessionsBegun == 3);
    CHECK(*result.stickiness == doctest::Approx(2.0 / 3));
}

TEST_CASE("A broken session whose replica nobody knows is lost, but is no follow-up")
{
    LaneMeasures measures;
    const Cast cast {.replicas = {"a"}, .clients = {"c"}, .clientKinds = {"browser"}};
    const auto answer = [&measures](SessionMark mark, ReplicaIndex replica) {
        Observation one {.client = ClientIndex {0}, .replica = replica};
        one.kind = ObservationKind::answered;
        one.session = mark;
        measures.observe({&one, 1});
        if (mark != SessionMark::broken)
            return;
        one.kind = ObservationKind::sessionLost;
        measures.observe({&one, 1});
    };
    answer(SessionMark::begins, noReplica);
    answer(SessionMark::broken, ReplicaIndex {0}); // the first was not identified: no follow-up
    answer(SessionMark::broken, noReplica);
    answer(SessionMark::broken, ReplicaIndex {0});
    answer(SessionMark::met, ReplicaIndex {0});
    const LaneResult result = measures.result(cast, 1);
    CHECK(result.unidentified == 2);
    CHECK(result.followUps == 2);
    CHECK(*result.broken == 1);
    CHECK(*result.met == 0.5);
    CHECK(*result.sessionsLost == 3);
    CHECK(result.sessionsBegun == 4);
}
