// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Faults in the model and on real sockets: request by request the same server, answer and session,
// where the wall clock has no say in it.
#include "tests/lab/both_worlds.h"
#include "tests/support/scenarios.h"

#include <array>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

std::string faultYaml(const std::string& balancer, const std::string& timeline, int seed)
{
    return "version: 1\nseed: " + std::to_string(seed) + R"(
duration: 40s
replicas:
  - {name: a, service-time: 0s}
  - {name: b, service-time: 0s}
  - {name: c, service-time: 0s}
balancer: {)"
        + balancer + R"(}
clients:
  - {name: browser, kind: browser, count: 4, think-time: {exponential: 3s}, session: {requests: 5}}
  - {name: curl, kind: curl, jar: none, rate: 0.4/s}
timeline: [)"
        + timeline + "]\n";
}

// Requests that ended in this way, in all.
std::size_t ending(const Outcomes& outcomes, const std::string& with)
{
    return static_cast<std::size_t>(
        std::count_if(outcomes.ends.begin(), outcomes.ends.end(), [&with](const auto& one) {
            return one.second.find(with) != std::string::npos;
        }));
}

} // namespace

TEST_CASE("Errors, cut answers, crashes and an empty service are the same in model and lab")
{
    struct Row
    {
        const char* timeline;
        const char* seen; ///< how some requests end
    };
    const std::array<Row, 6> rows {{
        {"{at: 5s, errors: {of: b, status: 503, for: 20s}}", " 503"},
        {"{at: 5s, errors: {of: all, share: 0.3}}, {at: 30s, mend: all}", " 500"},
        {"{at: 5s, limit-data: {of: b, octets: 9999, for: 20s}}", "failed by 1"},
        {"{at: 5s, limit-data: {of: all, octets: 100}}, {at: 20s, mend: {of: a, fault: "
         "limit-data}}",
         "failed by 0"},
        {"{at: 8s, crash: {of: b, for: 10s}}, {at: 25s, crash: {of: c, for: 5s}}", "broken"},
        {"{at: 10s, scale-to-zero: all}, {at: 15s, start: all}", "failed"},
    }};
    int seed = 100;
    std::size_t compared = 0;
    for (const std::string balancer :
         {"product: traefik, algorithm: wrr", "product: plain, algorithm: round-robin"}) {
        for (const Row& row : rows) {
            CAPTURE(balancer);
            CAPTURE(row.timeline);
            const Both both =
                runBoth(test::scenarioFrom(faultYaml(balancer, row.timeline, ++seed)));
            CHECK(differences(both) == "");
            CHECK(ending(*both.lab, row.seen) > 0);
            compared += both.lab->ends.size();
        }
    }
    MESSAGE(compared, " requests");
}

TEST_CASE("Faults from the beginning are the same in model and lab")
{
    for (const std::string fault : {"errors: {share: 0.5, status: 502, for: 20s}",
                                    "limit-data: {octets: 1000}", "reset: {for: 20s}"}) {
        CAPTURE(fault);
        const Both both = runBoth(test::scenarioFrom(R"(
version: 1
duration: 40s
replicas:
  - {name: a, service-time: 0s, faults: {)" + fault + R"(}}
  - {name: b, service-time: 0s}
balancer: {product: plain, algorithm: round-robin}
clients: [{name: browser, kind: browser, count: 4, think-time: {exponential: 3s}}]
)"));
        CHECK(differences(both) == "");
        CHECK(ending(*both.lab, "by 0") > 5);
    }
}

TEST_CASE("After a reload, one that changes something, and a restart model and lab go on alike")
{
    int seed = 200;
    for (const std::string balancer :
         {"product: traefik, algorithm: wrr", "product: haproxy, algorithm: roundrobin",
          "product: nginx, algorithm: round_robin",
          "product: caddy, version: current, algorithm: round_robin"}) {
        for (const std::string timeline :
             {"{at: 15s, reload: balancer}",
              "{at: 15s, reload: balancer, with: {sticky: {cookie: two}}}",
              "{at: 10s, drain: b}, {at: 15s, restart: balancer}, {at: 25s, start: b}",
              "{at: 10s, remove: b}, {at: 15s, reload: balancer}, {at: 25s, start: b}"}) {
            CAPTURE(balancer);
            CAPTURE(timeline);
            const Both both = runBoth(test::scenarioFrom(faultYaml(balancer, timeline, ++seed)));
            CHECK(differences(both) == "");
            CHECK(ending(*both.lab, " valid ") > 10);
        }
    }
}
