// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The same scenarios in the model and on real sockets: who answers is the same, request by request,
// where the algorithm leaves nothing to chance, and in the same shares where it does.
#include "sim/lab/lab_world.h"
#include "sim/products/product.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <map>
#include <thread>

using namespace stickyscope;

namespace {

/// What became of each request, by lane, client and ordinal.
class Outcomes final : public RecordingSink
{
public:
    void observed(std::size_t lane, std::span<const Observation> observations, const Cast&,
                  const TextTable&) override
    {
        for (const Observation& one : observations) {
            if (one.kind == ObservationKind::sent)
                sentAt.push_back(one.at);
            if (one.kind != ObservationKind::answered && one.kind != ObservationKind::failed)
                continue;
            const std::string who = "lane " + std::to_string(lane) + " client "
                + std::to_string(raw(one.client)) + " request " + std::to_string(one.ordinal);
            ends[who] = std::string(nameOf(one.kind)) + " by " + std::to_string(raw(one.replica))
                + " " + std::string(nameOf(one.ledger)) + " " + std::string(nameOf(one.session))
                + " " + std::to_string(one.status);
            ++shares[lane][one.replica];
        }
    }
    void intervened(Instant, const Intervention&) override { }
    void reached(Instant) override { }

    std::vector<Instant> sentAt;
    std::map<std::string, std::string> ends;
    std::map<std::size_t, std::map<ReplicaIndex, int>> shares;
};

struct Both
{
    std::shared_ptr<Outcomes> model = std::make_shared<Outcomes>();
    std::shared_ptr<Outcomes> lab = std::make_shared<Outcomes>();
};

// The lab's clock goes from one of the model's requests to the next, and waits for its end.
Both runBoth(const std::shared_ptr<const Scenario>& scenario)
{
    Both both;
    Experiment model = makeVirtualExperiment(scenario, {.recording = both.model});
    model.advance(scenario->duration);
    std::vector<Instant> moments = both.model->sentAt;
    std::sort(moments.begin(), moments.end());
    lab::LabTerms terms;
    terms.recording = both.lab;
    auto lab = lab::makeLab(scenario, terms);
    REQUIRE_MESSAGE(lab, lab.error());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (std::size_t sent = 1; sent <= moments.size(); ++sent) {
        lab->experiment.advance(moments[sent - 1] - lab->experiment.now());
        while (both.lab->ends.size() < sent && std::chrono::steady_clock::now() < deadline) {
            if (sent < moments.size() && moments[sent] == moments[sent - 1])
                break; // the other lane's, at the same moment
            std::this_thread::yield();
            lab->experiment.advance(Duration::zero());
        }
    }
    return both;
}

// The first few, in words.
std::string differences(const Both& both)
{
    std::string text;
    int left = 3;
    for (const auto& [who, model] : both.model->ends) {
        const auto found = both.lab->ends.find(who);
        const std::string lab = found == both.lab->ends.end() ? "nothing" : found->second;
        if (lab != model && left-- > 0)
            text += who + ": " + model + " in the model, " + lab + " in the lab\n";
    }
    if (both.lab->ends.size() != both.model->ends.size())
        text += std::to_string(both.model->ends.size()) + " requests in the model, "
            + std::to_string(both.lab->ends.size()) + " in the lab\n";
    return text;
}

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
    }
    CHECK(scenarios >= 30);
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
