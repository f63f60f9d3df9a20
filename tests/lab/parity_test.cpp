// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The same scenarios in the model and on real sockets: who answers is the same, request by request,
// where the algorithm leaves nothing to chance, and in the same shares where it does.
#include "tests/lab/both_worlds.h"
#include "tests/support/scenarios.h"

#include <array>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

std::string yaml(const std::string& balancer, const std::string& more, int seed)
{
    // Some products have no weights.
    const bool weighs = balancer.find("caddy") == std::string::npos
        && balancer.find("aws") == std::string::npos && balancer.find("azure") == std::string::npos;
    const std::string weight = weighs ? ", weight: 2" : "";
    return "version: 1\nseed: " + std::to_string(seed) + R"(
duration: 30s
replicas:
  - {name: a, service-time: 0s}
  - {name: b, service-time: 0s)"
        + weight + R"(}
  - {name: c, service-time: 0s}
  - {name: d, service-time: 0s}
balancer: {)"
        + balancer + R"(}
clients:
  - {name: browser, kind: browser, count: 4, think-time: {exponential: 4s}, session: {requests: 5}}
  - {name: curl, kind: curl, jar: none, rate: 0.4/s}
)" + more;
}

const std::string dies = "timeline: [{at: 10s, stop: b}, {at: 20s, start: b}]\n";
const std::string drains = "timeline: [{at: 10s, drain: b}, {at: 20s, start: b}]\n";
const std::string forgets = "timeline: [{at: 10s, take-cookies: all}]\n";

// A server goes for good, and another comes in its place.
std::string rolling(std::string scenario)
{
    scenario.replace(scenario.find("{name: b, service-time: 0s"), 1, "{leaves: 10s, ");
    scenario.replace(scenario.find("{name: d, service-time: 0s"), 1, "{joins: 8s, ");
    return scenario;
}

} // namespace

TEST_CASE("Where nothing is left to chance, model and lab give each request to the same replica")
{
    const std::array<std::string, 15> balancers {
        "product: traefik, algorithm: wrr",       "product: haproxy, algorithm: roundrobin",
        "product: haproxy, algorithm: static-rr", "product: haproxy, algorithm: leastconn",
        "product: haproxy, algorithm: first",     "product: nginx, algorithm: round_robin",
        "product: nginx, algorithm: least_conn",  "product: caddy, algorithm: round_robin",
        "product: caddy, algorithm: first",       "product: apache, algorithm: byrequests",
        "product: apache, algorithm: bybusyness", "product: envoy, algorithm: round_robin",
        "product: plain, algorithm: round-robin", "product: aws-alb, algorithm: round_robin",
        "product: azure-application-gateway",
    };
    int seed = 0;
    std::size_t compared = 0;
    int scenarios = 0;
    for (const std::string& balancer : balancers) {
        for (const std::string& more : {drains, forgets, dies}) {
            // Retries after a pause and passive checks go by the wall clock on real sockets.
            const bool byTheWall = balancer.find("traefik") == std::string::npos
                && balancer.find("plain") == std::string::npos;
            if (more == dies && byTheWall)
                continue;
            CAPTURE(balancer);
            CAPTURE(more);
            const Both both = runBoth(test::scenarioFrom(yaml(balancer, more, ++seed)));
            CHECK(differences(both) == "");
            compared += both.lab->ends.size();
            ++scenarios;
        }
        CAPTURE(balancer);
        const Both both = runBoth(test::scenarioFrom(rolling(yaml(balancer, "", ++seed))));
        CHECK(differences(both) == "");
        compared += both.lab->ends.size();
        ++scenarios;
    }
    // Of its own zone while one of them is up.
    std::string zones =
        yaml("product: envoy, algorithm: round_robin, zones: [here]", drains, ++seed);
    for (const char* name : {"a", "b"})
        zones.replace(zones.find(std::string("{name: ") + name), 1, "{zone: here, ");
    const Both both = runBoth(test::scenarioFrom(zones));
    CHECK(differences(both) == "");
    CHECK(scenarios >= 45);
    MESSAGE(scenarios, " scenarios, ", compared, " requests");
}

TEST_CASE("Where chance decides, the shares of model and lab are within chance of each other")
{
    for (const std::string algorithm :
         {"haproxy, algorithm: random", "envoy, algorithm: random", "nginx, algorithm: random"}) {
        CAPTURE(algorithm);
        const auto scenario = test::scenarioFrom(R"(
version: 1
duration: 40s
replicas:
  - {name: a, service-time: 0s}
  - {name: b, service-time: 0s}
  - {name: c, service-time: 0s}
balancer: {product: )" + algorithm + R"(}
clients: [{name: curl, kind: curl, count: 5, jar: none, rate: 2/s}]
lanes: [{name: "off", sticky: none}]
)");
        const Both both = runBoth(scenario);
        REQUIRE(both.lab->ends.size() == both.model->ends.size());
        const double each = static_cast<double>(both.lab->ends.size()) / 3;
        for (const auto& outcomes : {both.model, both.lab}) {
            double chiSquared = 0;
            for (const int replica : {0, 1, 2}) {
                const double off = outcomes->shares[0][static_cast<ReplicaIndex>(replica)] - each;
                chiSquared += off * off / each;
            }
            CHECK(chiSquared < 13.82); // two degrees of freedom, one in a thousand
        }
    }
}
