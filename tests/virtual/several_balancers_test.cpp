// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds a balancer: balancers behind and beside it, servers that come and go, zones,
// backups, reloads, slow start, circuit breakers.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

const std::string common = R"(
version: 1
duration: 60s
clients: [{name: x, kind: browser, count: 12, think-time: {exponential: 400ms}, session: {requests: 0}}]
)";

LaneResult onOf(const std::string& rest)
{
    return run(scenarioFrom(common + rest)).lanes.back();
}

// All that happens in the sticky lane.
std::vector<Observation> observed(const std::string& rest)
{
    const auto scenario = scenarioFrom(common + rest);
    const auto world = std::make_unique<VirtualWorld>(scenario, LaneIndex {1});
    Recorder recorder;
    world->advance(Instant(scenario->duration), recorder);
    return recorder.all;
}

std::map<std::uint32_t, int> answersBetween(const std::vector<Observation>& all, Duration from,
                                            Duration to)
{
    std::map<std::uint32_t, int> counts;
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::answered && one.at >= Instant(from)
            && one.at < Instant(to))
            ++counts[raw(one.replica)];
    }
    return counts;
}

} // namespace

TEST_CASE("Two tiers with a cookie each keep every client where it is")
{
    const LaneResult on = onOf(R"(
replicas: [{name: a}, {name: b}, {name: c}, {name: d}]
balancer: {product: haproxy, servers: [left, right], sticky: {cookie: FRONT}}
balancers:
  - {name: left, product: nginx, servers: [a, b], sticky: {cookie: inner, method: cookie}}
  - {name: right, product: envoy, servers: [c, d], sticky: {cookie: other}}
)");
    CHECK(on.switches == 0);
    CHECK(on.failed == 0);
    for (const ReplicaResult& replica : on.replicas)
        CHECK(replica.requests > 0);
}

TEST_CASE("Two tiers with one cookie name undo each other")
{
    const LaneResult on = onOf(R"(
replicas: [{name: a}, {name: b}, {name: c}, {name: d}]
balancer: {product: traefik, servers: [left, right], sticky: {cookie: lb, path: /}}
balancers:
  - {name: left, product: traefik, servers: [a, b], sticky: {cookie: lb, path: /}}
  - {name: right, product: traefik, servers: [c, d], sticky: {cookie: lb, path: /}}
)");
    CHECK(on.switches > 100);
}

TEST_CASE("The reason of a request that two balancers placed is that of both")
{
    const auto scenario = scenarioFrom(common + R"(
replicas: [{name: a}, {name: b}]
balancer: {product: haproxy, servers: [inner], sticky: {cookie: FRONT}}
balancers: [{name: inner, product: traefik, servers: [a, b], sticky: {cookie: lb, path: /}}]
)");
    const auto world = std::make_unique<VirtualWorld>(scenario, LaneIndex {1});
    Recorder recorder;
    world->advance(Instant(10s), recorder);
    std::size_t both = 0;
    for (const Observation& one : recorder.all) {
        if (one.kind == ObservationKind::answered)
            both += world->texts().text(one.rule).find(" Then: ") != std::string::npos ? 1 : 0;
    }
    CHECK(both > 50);
}

TEST_CASE("Routes lead to the balancer of their host and path, the first that fits")
{
    const auto all = observed(R"(
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, servers: [a], sticky: {cookie: lb, path: /}}
balancers:
  - {name: api, product: traefik, servers: [b], sticky: {cookie: api, path: /}}
  - {name: host, product: traefik, servers: [c], sticky: {cookie: host, path: /}}
routes: [{path: /api, to: api}, {host: other.example, to: host}]
lanes: [{name: first, with: {clients: [{name: x, paths: [/, /api/x, /apis]}]}},
        {name: second, with: {clients: [{name: x, origin: "https://other.example:444", paths: [/, /api/x, /apis]}]}}]
)");
    // In the second lane all but /api is of the other host.
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::answered)
            CHECK(raw(one.replica) == (one.ordinal % 3 == 1 ? 1 : 2));
    }
}

TEST_CASE("Behind a route ingress-nginx's cookie is for its path, also after a reload")
{
    const auto scenario = scenarioFrom(common + R"(
replicas: [{name: a}, {name: b}]
balancer: {product: traefik, sticky: {cookie: lb, path: /}}
balancers: [{name: shop, product: ingress-nginx, sticky: {}}]
routes: [{path: /shop, to: shop}]
timeline: [{at: 20s, reload: shop, with: {sticky: {cookie: other}}}]
lanes: [{name: off}, {name: on, with: {clients: [{name: x, paths: [/shop/cart, /shop]}]}}]
)");
    const auto world = std::make_unique<VirtualWorld>(scenario, LaneIndex {1});
    Recorder recorder;
    world->advance(Instant(scenario->duration), recorder);
    std::map<std::string, int> set;
    for (const Observation& one : recorder.all) {
        const std::string& field = world->texts().text(one.cookie);
        if (one.kind == ObservationKind::answered && !field.empty())
            ++set[field.substr(0, field.find('=')) + field.substr(field.find(';'))];
    }
    CHECK(set.size() == 2);
    CHECK(set["INGRESSCOOKIE; Path=/shop; HttpOnly"] == 12);
    CHECK(set["other; Path=/shop; HttpOnly"] == 12);
}

TEST_CASE("A server that leaves gets nothing any more, and its address may come back as another")
{
    const auto all = observed(R"(
replicas:
  - {name: a, address: "10.0.0.1:80"}
  - {name: b, address: "10.0.0.2:80", leaves: 20s}
  - {name: c, address: "10.0.0.2:80", joins: 40s}
balancer: {product: envoy, sticky: {cookie: lb}}
)");
    CHECK(answersBetween(all, 0s, 20s)[1] > 50);
    CHECK(answersBetween(all, 21s, 60s)[1] == 0);
    CHECK(answersBetween(all, 21s, 40s)[0] > 200);
    // Whoever still had the cookie of the old one would meet the new one; none has.
    CHECK(answersBetween(all, 40s, 60s)[2] == 0);
}

TEST_CASE("Balancers of different zones ask their own servers first, and others where none is up")
{
    const std::string rest = R"(
replicas: [{name: a, zone: z1}, {name: b, zone: z2}, {name: c, zone: z2}]
balancer: {product: kubernetes-service, zones: [z1]}
)";
    CHECK(answersBetween(observed(rest), 0s, 60s).size() == 1);
    const auto all = observed(R"(
replicas: [{name: a, zone: z1}, {name: b, zone: z2}, {name: c, zone: z2}]
balancer: {product: envoy, zones: [z1], health-check: {every: 1s}, sticky: {cookie: lb}}
timeline: [{at: 20s, stop: a}]
)");
    CHECK(answersBetween(all, 0s, 20s).size() == 1);
    auto after = answersBetween(all, 25s, 60s);
    CHECK(after[0] == 0);
    CHECK(after[1] > 50);
    CHECK(after[2] > 50);
}

TEST_CASE("A backup waits until no other server is up, and keeps whom it has got")
{
    const auto all = observed(R"(
replicas: [{name: a}, {name: b, backup: true}]
balancer: {product: haproxy, health-check: {every: 1s, fall: 1, rise: 1}, redispatch: true, sticky: {cookie: SRV}}
timeline: [{at: 20s, stop: a}, {at: 40s, start: a}]
)");
    CHECK(answersBetween(all, 0s, 20s).size() == 1);
    auto meanwhile = answersBetween(all, 22s, 40s);
    CHECK(meanwhile[0] == 0);
    CHECK(meanwhile[1] > 100);
    CHECK(answersBetween(all, 42s, 60s)[1] > 100);
}

TEST_CASE("A spare stands in for a server that is missing, and keeps whom it has got")
{
    const auto all = observed(R"(
replicas: [{name: a}, {name: b}, {name: c, spare: true}, {name: d, spare: true}]
balancer: {product: apache, health-check: {every: 1s}, sticky: {cookie: ROUTEID}}
timeline: [{at: 20s, stop: a}, {at: 40s, start: a}]
)");
    CHECK(answersBetween(all, 0s, 20s).size() == 2);
    auto meanwhile = answersBetween(all, 22s, 40s);
    CHECK(meanwhile[0] == 0);
    CHECK(meanwhile[2] > 50);
    CHECK(meanwhile[3] == 0);
    CHECK(answersBetween(all, 42s, 60s)[2] > 50);
}

TEST_CASE("Whoever waits for a pick that never ends is answered no more, until a restart")
{
    const auto all = observed(R"(
replicas: [{name: a}, {name: b}]
balancer: {product: traefik, health-check: {every: 1s}, sticky: {cookie: lb, path: /}}
timeline: [{at: 10s, drain: a}, {at: 20s, stop: b}, {at: 30s, start: b}, {at: 40s, restart: balancer}]
)");
    CHECK(answersBetween(all, 12s, 20s).size() == 2);
    CHECK(answersBetween(all, 25s, 40s).empty());
    CHECK(answersBetween(all, 42s, 60s)[1] > 100);
}

TEST_CASE("What a reload keeps is the product's: picks, and what it remembers of sessions")
{
    const std::string learning = R"(
session-cookie: JSESSIONID
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: nginx, sticky: {cookie: JSESSIONID, method: learn}}
timeline: [{at: 30s, )";
    CHECK(onOf(learning + "reload: balancer}]").switches == 0);
    CHECK(onOf(learning + "restart: balancer}]").switches > 0);
}

TEST_CASE("A reload that renames the cookie places everybody anew")
{
    const LaneResult on = onOf(R"(
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, sticky: {cookie: one, path: /}}
timeline: [{at: 30s, reload: balancer, with: {sticky: {cookie: two}}}]
)");
    CHECK(on.cookiesSet == 24);
    CHECK(on.switches > 0);
}

TEST_CASE("A restart closes open WebSockets, and drops what is under way")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 20s
replicas: [{name: a, service-time: 3s}, {name: b, service-time: 3s}]
balancer: {product: traefik, sticky: {cookie: lb, path: /}}
clients: [{name: s, kind: websocket, count: 4, connection-lifetime: 1h}, {name: x, kind: rest, count: 4, every: 1s}]
timeline: [{at: 10s, restart: balancer}]
)");
    const auto world = std::make_unique<VirtualWorld>(scenario, LaneIndex {1});
    Recorder recorder;
    world->advance(Instant(20s), recorder);
    const auto count = [&](ObservationKind kind) {
        return std::count_if(recorder.all.begin(), recorder.all.end(), [&](const Observation& one) {
            return one.kind == kind && (one.at == Instant(10s) || kind != ObservationKind::closed);
        });
    };
    CHECK(count(ObservationKind::closed) == 4);
    CHECK(count(ObservationKind::failed) >= 4);
}

TEST_CASE("Slow start: a server that joins takes its share little by little")
{
    const std::string rest = R"(
replicas: [{name: a}, {name: b, joins: 10s}]
lanes: [{name: one}, {name: two}]
balancer: )";
    auto all = observed(rest + "{product: haproxy, sticky: none, slowstart: 40s}");
    const auto share = [&](Duration from, Duration to) {
        auto counts = answersBetween(all, from, to);
        return static_cast<double>(counts[1]) / (counts[0] + counts[1]);
    };
    CHECK(share(10s, 14s) < 0.15);
    CHECK(share(26s, 34s) > 0.25);
    CHECK(share(26s, 34s) < 0.45);
    CHECK(share(51s, 60s) == doctest::Approx(0.5).epsilon(0.05));
    // Envoy's servers warm up from its beginning on, and have a tenth of their weight at once.
    all = observed(rest + "{product: envoy, sticky: none, slow-start-window: 40s}");
    CHECK(share(10s, 14s) == doctest::Approx(0.25).epsilon(0.15));
    CHECK(share(51s, 60s) == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("Envoy answers 503 beyond max_requests at once")
{
    const auto all = observed(R"(
replicas: [{name: a, service-time: 2s}]
balancer: {product: envoy, max-requests: 5, sticky: {cookie: lb}}
)");
    int inside = 0;
    int refused = 0;
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::placed)
            ++inside;
        if (one.kind == ObservationKind::answered)
            --inside;
        if (one.kind == ObservationKind::failed) {
            CHECK(one.status == 503);
            ++refused;
        }
        CHECK(inside <= 5);
    }
    CHECK(refused > 100);
}

TEST_CASE("Balancers that share their sessions know what one of them has learnt")
{
    const std::string rest = R"(
session-cookie: JSESSIONID
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: nginx, count: 2, sticky: {cookie: JSESSIONID, method: learn}, sessions: )";
    CHECK(onOf(rest + "private}").switches > 0);
    CHECK(onOf(rest + "shared}").switches == 0);
}

TEST_CASE(
    "A picture shows which balancers a request went through, and what each one's cookie names")
{
    const auto scenario = scenarioFrom(common + R"(
replicas: [{name: a}, {name: b}, {name: c}, {name: d}]
balancer: {product: haproxy, servers: [left, right], sticky: {cookie: FRONT}}
balancers:
  - {name: left, product: traefik, count: 2, servers: [a, b], sticky: {cookie: inner}}
  - {name: right, product: traefik, servers: [c, d], sticky: none}
)");
    Experiment experiment = makeVirtualExperiment(scenario, {.history = true});
    experiment.advance(30s);
    const auto snapshot = experiment.snapshot();
    const LaneSnapshot& lane = snapshot->lanes[1];
    const std::vector<CastBalancer>& cast = lane.cast->balancers;
    REQUIRE(cast.size() == 4);
    CHECK(cast[0].name == "HAProxy");
    CHECK(cast[0].cookie == "FRONT");
    CHECK(cast[0].balancers == std::vector<std::uint8_t> {1, 2, 3});
    CHECK(cast[1].name == "left 1");
    CHECK(cast[2].name == "left 2");
    CHECK(cast[2].beside);
    CHECK(cast[2].place == 1);
    CHECK(cast[3].cookie.empty());
    for (const CastBalancer& one : cast)
        CHECK(one.asked == (&one == cast.data()));
    for (const ClientPicture& client : lane.clients) {
        REQUIRE(client.via.size() == 2);
        CHECK(client.asked == std::vector<std::uint8_t> {0});
        CHECK(client.via[0] == 0);
        const bool right = client.via[1] == 3;
        // The servers of the one that it came through answered, and the cookies lead there.
        CHECK(right == (raw(client.trail.back().replica) >= 2));
        REQUIRE(client.held.size() == (right ? 1 : 2));
        CHECK(client.held[0].balancer == 0);
        CHECK(client.held[0].names == (right ? 3 : 1));
        if (!right)
            CHECK(client.held[1].replica == client.trail.back().replica);
    }
}

TEST_CASE("Where there is one balancer, pictures and observations say nothing of several")
{
    const auto all = observed("replicas: [{name: a}, {name: b}]\nbalancer: {product: traefik}\n");
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::sent)
            CHECK(one.status == 0);
        if (one.kind == ObservationKind::placed)
            CHECK(one.replica != noReplica);
    }
}
