// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a client holds the cookie that it was sent, as pictures show it.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::vector<ClientPicture> clientsOf(const std::string& lane, const std::string& client = "")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 20s
origin: http://app.example
replicas: [{name: a}, {name: b}]
balancer: {product: traefik, sticky: {cookie: c}}
clients: [{name: x, kind: browser, count: 4, think-time: 1s, path: /app/page)"
                                       + client + "}]\nlanes: [{name: one, " + lane + "}]\n");
    Experiment experiment = makeVirtualExperiment(scenario, {.history = true});
    experiment.advance(20s);
    return experiment.snapshot()->lanes[0].clients;
}

std::ptrdiff_t holders(const std::vector<ClientPicture>& clients)
{
    REQUIRE(clients.size() == 4);
    for (const ClientPicture& one : clients)
        REQUIRE(!one.trail.empty());
    return std::count_if(clients.begin(), clients.end(),
                         [](const ClientPicture& one) { return one.cookie != noReplica; });
}

std::string stickyWith(const std::string& sticky)
{
    return "with: {balancer: {sticky: {" + sticky + "}}}";
}

} // namespace

TEST_CASE("A client is shown with the cookie that it returns, and with no other one")
{
    CHECK(holders(clientsOf(stickyWith(""))) == 4);
    CHECK(holders(clientsOf(stickyWith("path: /app"))) == 4);
    CHECK(holders(clientsOf("sticky: none")) == 0);
    // It is sent, and refused or held back (RFC 6265bis).
    for (const char* attributes :
         {"secure: true", "domain: other.example", "path: /elsewhere", "same-site: none"}) {
        CAPTURE(attributes);
        CHECK(holders(clientsOf(stickyWith(attributes))) == 0);
    }
    CHECK(holders(clientsOf(stickyWith(""), ", jar: none")) == 0);
}

TEST_CASE("What a client does not keep is told of with the answer that brought it")
{
    const auto scenario = scenarioFrom(R"(
version: 1
duration: 10s
origin: http://app.example
replicas: [{name: a}, {name: b}]
balancer: {product: haproxy, sticky: {cookie: c, secure: true}}
clients: [{name: x, kind: browser, count: 2, think-time: 1s}]
lanes: [{name: "on"}]
)");
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(10s), recorder);
    int answers = 0;
    for (const Observation& one : recorder.all) {
        if (one.kind != ObservationKind::answered)
            continue;
        ++answers;
        CHECK(one.cookieOut == CookieOut::notKept);
    }
    CHECK(answers > 10);
}
