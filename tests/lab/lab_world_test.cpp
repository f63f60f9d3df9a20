// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_world.h"

#include "sim/wire/websocket_client.h"
#include "tests/lab/asking.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using test::ask;
using test::askedBy;
using test::endpointAt;

namespace {

std::shared_ptr<Scenario> threeReplicas(const std::string& clients)
{
    return test::scenarioFrom(R"(
version: 1
duration: 600s
replicas:
  - {name: server-1, service-time: 1ms}
  - {name: server-2, service-time: 1ms}
  - {name: server-3, service-time: 1ms}
balancer: {product: traefik, algorithm: wrr, sticky: {cookie: ws-session, path: /}}
clients: [)" + clients + R"(]
)");
}

const std::string browsers =
    "{name: browser, kind: browser, count: 3, think-time: 100ms, session: {requests: 0}}";
// One that does nothing while the test asks by itself.
const std::string nobody = "{name: idle, kind: curl, count: 1, jar: none, every: 1h}";

// Lets the experiment's clock go on by 10 ms at a time until the condition holds.
bool advanceUntil(Experiment& experiment, const std::function<bool(const ExperimentResult&)>& holds)
{
    return waitUntil(
        [&] {
            experiment.advance(std::chrono::milliseconds(10));
            return holds(experiment.result());
        },
        std::chrono::seconds(20));
}

lab::Lab start(const std::shared_ptr<const Scenario>& scenario)
{
    auto lab = lab::makeLab(scenario, {.pictures = true});
    REQUIRE_MESSAGE(lab, lab.error());
    return std::move(*lab);
}

} // namespace

TEST_CASE("Off and on at once: without the cookie clients wander, with it they stay")
{
    lab::Lab lab = start(threeReplicas(browsers));
    REQUIRE(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return result.lanes[0].requests >= 60 && result.lanes[1].requests >= 60;
    }));
    const ExperimentResult result = lab.experiment.result();
    CHECK(result.world == "lab");
    CHECK(*result.lanes[0].stickiness < 0.5);
    CHECK(*result.lanes[0].met < 0.5);
    CHECK(*result.lanes[1].stickiness == 1);
    CHECK(result.lanes[1].met == 1);
    CHECK(result.lanes[1].failed == 0);
    CHECK(result.lanes[1].ledgerKind == LedgerKind::decided);
    CHECK(result.lanes[1].cookiesSet == 3);
}

TEST_CASE("A replica that stops takes its sessions with it, with sticky cookies as well")
{
    lab::Lab lab = start(threeReplicas(browsers));
    REQUIRE(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return result.lanes[1].answered >= 9;
    }));
    lab.experiment.apply({.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {0}});
    REQUIRE(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return result.lanes[1].sessionsLost >= 1;
    }));
    lab.experiment.apply({.kind = Intervention::Kind::startReplica, .replica = ReplicaIndex {0}});
    const auto answered = lab.experiment.result().lanes[0].replicas[0].requests;
    CHECK(advanceUntil(lab.experiment, [answered](const ExperimentResult& result) {
        return result.lanes[0].replicas[0].requests > answered + 3;
    }));
}

TEST_CASE("A server that is stopped before it joins stays so until it is started")
{
    const auto scenario = threeReplicas(nobody);
    scenario->replicas[2].joins = std::chrono::milliseconds(50);
    lab::Lab lab = start(scenario);
    Experiment model = makeVirtualExperiment(scenario, {.history = true});
    for (Experiment* experiment : {&model, &lab.experiment}) {
        const auto third = [experiment] {
            return experiment->snapshot()->lanes[1].replicas[2].state;
        };
        const auto becomes = [&](ReplicaState state) {
            return waitUntil([&] {
                experiment->advance(std::chrono::milliseconds(10));
                return third() == state;
            });
        };
        experiment->apply({.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {2}});
        CHECK(becomes(ReplicaState::stopped));
        // Past the moment at which it joins.
        for (int step = 0; step < 20; ++step) {
            experiment->advance(std::chrono::milliseconds(10));
            CHECK(third() == ReplicaState::stopped);
        }
        experiment->apply({.kind = Intervention::Kind::startReplica, .replica = ReplicaIndex {2}});
        CHECK(becomes(ReplicaState::running));
    }
}

TEST_CASE("Who asks by himself is a client of his own, by program and jar")
{
    lab::Lab lab = start(threeReplicas(nobody));
    const std::string on = lab.addresses[1].balancer;
    const auto first = ask(on, askedBy("curl/7.88.1", "/hostname"));
    const std::string set = *first.head.fields.find("Set-Cookie");
    ask(on, askedBy("curl/7.88.1", "/hostname", set.substr(0, set.find(';'))));
    // Two browsers with a jar each, told apart by what the page sets.
    ask(on, askedBy("Mozilla/5.0", "/", "stickyscope-visitor=one"));
    ask(on, askedBy("Mozilla/5.0", "/", "stickyscope-visitor=two"));
    ask(on, askedBy("Mozilla/5.0", "/", "stickyscope-visitor=one"));
    REQUIRE(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return result.lanes[1].requests == 5;
    }));
    const auto clients = lab.experiment.result().lanes[1].clients;
    REQUIRE(clients.size() == 4);
    CHECK(clients[1].name == "curl");
    CHECK(clients[1].requests == 2);
    CHECK(clients[2].name == "browser");
    CHECK(clients[2].requests == 2);
    CHECK(clients[3].name == "browser-2");
    const auto picture = lab.experiment.snapshot()->lanes[1];
    CHECK(picture.clients[1].trail.size() == 2);
}

TEST_CASE("A visitor's WebSocket is seen open, and closed")
{
    lab::Lab lab = start(threeReplicas(nobody));
    wire::WebSocketClient client(endpointAt(lab.addresses[0].balancer), nullptr);
    client.open(askedBy("node", "/streaming"));
    REQUIRE(waitUntil([&] { return client.isOpen(); }));
    REQUIRE(advanceUntil(lab.experiment, [&](const ExperimentResult&) {
        const auto replicas = lab.experiment.snapshot()->lanes[0].replicas;
        return std::any_of(replicas.begin(), replicas.end(),
                           [](const ReplicaPicture& one) { return one.openConnections == 1; });
    }));
    client.send("{}");
    client.close();
    CHECK(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return result.lanes[0].messages == 1 && result.lanes[0].closes.contains(1000);
    }));
}

TEST_CASE("While the clock stands still nobody of ours sends, and an end is an end")
{
    std::vector<lab::LaneAddress> addresses;
    {
        lab::Lab lab = start(threeReplicas(browsers));
        addresses = lab.addresses;
        lab.experiment.advance(std::chrono::seconds(1));
        const auto asked = ask(addresses[0].balancer, askedBy("curl/8", "/hostname"));
        CHECK(asked.head.status == 200);
    }
    const auto refused = ask(addresses[0].balancer, askedBy("curl/8", "/hostname"));
    CHECK(refused.failure == Failure::connectionRefused);
}

TEST_CASE("Over https a lab has a certificate of its own, and no other is trusted")
{
    auto scenario = threeReplicas(browsers);
    scenario->origin = "https://app.example";
    lab::Lab lab = start(scenario);
    REQUIRE(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return result.lanes[0].answered >= 9 && result.lanes[1].answered >= 9;
    }));
    CHECK(lab.experiment.result().lanes[1].failed == 0);
    const std::string on = lab.addresses[1].balancer;
    REQUIRE(on.starts_with("https://127.0.0.1:"));
    const http::RequestHead request = askedBy("curl/8", "/hostname");
    CHECK(ask(on, request, lab.addresses[1].certificate).head.status == 200);
    CHECK(ask(on, request, lab.addresses[0].certificate).failure == Failure::tlsRefused);
    CHECK(ask(on, request).failure == Failure::tlsRefused);
    CHECK(advanceUntil(lab.experiment, [](const ExperimentResult& result) {
        return std::any_of(result.lanes[1].clients.begin(), result.lanes[1].clients.end(),
                           [](const ClientResult& one) { return one.name == "curl"; });
    }));
}

TEST_CASE("What only a model can do is refused in one line")
{
    auto scenario = threeReplicas(browsers);
    scenario->clients[0].source = "198.51.100.7";
    CHECK(lab::makeLab(scenario, {}).error().find("one of its own") != std::string::npos);
    scenario = threeReplicas(browsers);
    scenario->origin = "https://app.example";
    CHECK(lab::makeLab(scenario, {.program = ""}).error().find("plain http") != std::string::npos);
}
