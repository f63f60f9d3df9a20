// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The same scenarios in the model and on real sockets: who answers is the same, request by request,
// where the algorithm leaves nothing to chance, and in the same shares where it does.
#include "sim/products/product.h"
#include "tests/lab/both_worlds.h"
#include "tests/support/accepted.h"
#include "tests/support/scenarios.h"

#include <array>
#include <cmath>
#include <set>

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

// Pearson's chi-squared of two samples of equal size being of one kind.
double distance(std::map<ReplicaIndex, int> one, std::map<ReplicaIndex, int> other)
{
    double sum = 0;
    for (const int place : {0, 1, 2}) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const double both = one[replica] + other[replica];
        sum += both > 0 ? std::pow(one[replica] - other[replica], 2) / both : 0;
    }
    return sum;
}

// What it learns by the clock is not the same where the clock is led from one request to the next.
bool goesByLatency(const ProductAlgorithm& algorithm)
{
    return algorithm.id.ends_with("ewma") || algorithm.id.ends_with("leasttime");
}

} // namespace

TEST_CASE("Where nothing is left to chance, model and lab give each request to the same replica")
{
    const std::array<std::string, 15> balancers {
        "product: traefik, algorithm: wrr",
        "product: haproxy, algorithm: roundrobin",
        "product: haproxy, algorithm: static-rr",
        "product: haproxy, algorithm: leastconn",
        "product: haproxy, algorithm: first",
        "product: nginx, algorithm: round_robin",
        "product: nginx, algorithm: least_conn",
        "product: caddy, version: current, algorithm: round_robin",
        "product: caddy, version: current, algorithm: first",
        "product: apache, algorithm: byrequests",
        "product: apache, algorithm: bybusyness",
        "product: envoy, algorithm: round_robin",
        "product: plain, algorithm: round-robin",
        "product: aws-alb, algorithm: round_robin",
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

TEST_CASE("With each product's algorithms model and lab give equal shares, but for chance")
{
    int algorithms = 0;
    int alike = 0;
    std::set<std::string> seen;
    for (const Product* product : products()) {
        for (const ProductAlgorithm& algorithm : product->algorithms) {
            // The custom balancer's are the others' once more.
            const bool again = !seen.insert(std::string(algorithm.id)).second
                && std::string_view(product->id) == "custom";
            if (goesByLatency(algorithm) || again)
                continue;
            std::string balancer = "product: " + std::string(product->id)
                + ", algorithm: " + std::string(algorithm.name);
            // There is none of it in the version that is the default.
            if (test::isRefused({.product = std::string(product->id),
                                 .algorithm = std::string(algorithm.name)}))
                balancer += ", version: current";
            CAPTURE(balancer);
            const Both both = runBoth(test::scenarioFrom(R"(
version: 1
duration: 20s
replicas: [{name: a, service-time: 0s}, {name: b, service-time: 0s}, {name: c, service-time: 0s}]
balancer: {)" + balancer + "}\n" + everywhere("0.8/s") + R"(
lanes: [{name: "off", sticky: none}]
)"));
            REQUIRE(both.lab->ends.size() == both.model->ends.size());
            REQUIRE(both.lab->ends.size() > 150);
            ++algorithms;
            if (differences(both).empty())
                ++alike;
            else
                CHECK(distance(both.model->shares[0], both.lab->shares[0])
                      < 18.42); // two degrees of freedom, one in ten thousand
        }
    }
    CHECK(alike > algorithms / 2);
    MESSAGE(algorithms, " algorithms, ", alike, " alike request by request");
}
