// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who asks a product's own program, and the replicas behind it: what is seen of that without it.
#include "sim/lab/lab_world.h"
#include "tests/lab/asking.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace stickyscope;
using test::ask;
using test::askedBy;

namespace {

// HAProxy itself, without sticky cookies: a request after another goes to the next server.
std::shared_ptr<Scenario> behindHaproxy()
{
    return test::scenarioFrom(R"(
version: 1
duration: 600s
replicas: [{name: server-1, service-time: 1ms}, {name: server-2, service-time: 1ms}]
balancer: {product: haproxy, algorithm: roundrobin}
clients: [{name: idle, kind: curl, count: 1, jar: none, every: 1h}]
lanes: [{name: "off"}]
)");
}

bool advanceUntil(Experiment& experiment, const std::function<bool(const LaneResult&)>& holds)
{
    return waitUntil(
        [&] {
            experiment.advance(std::chrono::milliseconds(10));
            return holds(experiment.result().lanes[0]);
        },
        std::chrono::seconds(20));
}

lab::Lab start()
{
    auto lab = lab::makeLab(behindHaproxy(), {.program = ""});
    REQUIRE_MESSAGE(lab, lab.error());
    return std::move(*lab);
}

} // namespace

TEST_CASE("A Socket.IO visitor of a program's is seen to lose its session, as its replica says it")
{
    lab::Lab lab = start();
    const std::string address = lab.addresses[0].balancer;
    const std::string polling = "/socket.io/?EIO=4&transport=polling";
    const auto opened = ask(address, askedBy("socket/1", polling));
    REQUIRE(opened.head.status == 200);
    const std::string id = nlohmann::json::parse(opened.body.substr(1))["sid"];
    // The other server's turn, who does not know it.
    const auto unknown = ask(address, askedBy("socket/1", polling + "&sid=" + id));
    REQUIRE(unknown.head.status == 400);
    CHECK(advanceUntil(lab.experiment, [](const LaneResult& lane) {
        return lane.requests == 2 && lane.broken > 0;
    }));
}

TEST_CASE("What comes past a program, straight to a replica, is not the lane's")
{
    lab::Lab lab = start();
    for (int count = 0; count < 3; ++count)
        CHECK(ask(lab.addresses[0].replicas[0], askedBy("socket/1", "/hostname")).head.status
              == 200);
    CHECK(ask(lab.addresses[0].balancer, askedBy("socket/1", "/hostname")).head.status == 200);
    REQUIRE(advanceUntil(lab.experiment, [](const LaneResult& lane) {
        return lane.reconciliation && !lane.reconciliation->differences.empty()
            && lane.reconciliation->replicas[0].balancer == 1;
    }));
    const LaneResult lane = lab.experiment.result().lanes[0];
    CHECK(lane.requests == 1);
    CHECK(lane.reconciliation->replicas[0].replica == 1);
    CHECK(lane.reconciliation->differences
          == std::vector<std::string> {
              "1 request came from others than our clients: balancer and replicas count them.",
              "3 requests came past the balancer, straight to a replica: no column counts that."});
}
