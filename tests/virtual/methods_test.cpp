// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What hangs on a request's method.
#include "sim/experiment/experiment.h"
#include "sim/formats/scenario_yaml.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

LaneResult played(const std::string& balancer, const std::string& client,
                  const std::string& timeline = "")
{
    Experiment experiment = makeVirtualExperiment(
        scenarioFrom(
            "version: 1\nduration: 60s\nreplicas: [{name: a, service-time: 10ms}, {name: b, "
            "service-time: 10ms}, {name: c, service-time: 10ms}]\nbalancer: {"
            + balancer
            + "}\nclients: [{name: people, kind: browser, count: 9, think-time: {exponential: 1s}"
            + client + "}]\nlanes: [{name: one}]\ntimeline: [" + timeline + "]\n"),
        ExperimentOptions {});
    experiment.advance(60s);
    return experiment.result().lanes[0];
}

} // namespace

TEST_CASE("HAProxy's postonly sets its cookie on answers to POST alone")
{
    const std::string balancer = "product: haproxy, sticky: {cookie: SRV, postonly: true}";
    const LaneResult get = played(balancer, "");
    CHECK(get.cookiesSet == 0);
    CHECK(*get.stickiness < 0.6);
    const LaneResult post = played(balancer, ", method: POST");
    CHECK(post.cookiesSet == 9);
    CHECK(*post.stickiness == 1);
}

TEST_CASE("What a server may have acted upon is not sent again, unless it is idempotent")
{
    const std::string balancer = "product: nginx, sticky: none";
    const std::string resets = "{at: 0s, reset: a}";
    const LaneResult get = played(balancer, "", resets);
    const LaneResult put = played(balancer, ", method: PUT", resets);
    const LaneResult post = played(balancer, ", method: POST", resets);
    CHECK(get.failed == 0);
    CHECK(put.failed == 0);
    CHECK(post.failed > 0);
    CHECK(post.failures[static_cast<std::size_t>(Failure::balancer502)] == post.failed);
}

TEST_CASE("A balancer that is no product asks one other server, where that does no harm")
{
    const std::string one = "{at: 0s, reset: a}";
    CHECK(played("product: plain", "", one).failed == 0);
    const LaneResult post = played("product: plain", ", method: POST", one);
    CHECK(post.failed > 0);
    // One only, and only what was broken off: who refuses connections took nothing.
    const LaneResult two = played("product: plain", "", one + ", {at: 0s, reset: b}");
    CHECK(two.failed > 0);
    CHECK(two.failed < two.requests / 2);
    CHECK(played("product: plain", "", "{at: 0s, stop: a}").failed > 0);
}

TEST_CASE("A method is one of HTTP's, and no WebSocket's")
{
    const auto error = [](const std::string& client) {
        return readScenario(
                   "version: 1\nreplicas: [{name: a}]\nclients: [{name: c, " + client + "}]\n", "")
            .error();
    };
    CHECK(error("kind: curl, every: 1s, method: FETCH").find("must be one of GET, HEAD")
          != std::string::npos);
    CHECK(error("kind: websocket, method: POST").find("has its protocol's methods")
          != std::string::npos);
}
