// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/lone_request.h"
#include "tests/support/sticky_trial.h"

#include <map>
#include <string>
#include <utility>

namespace stickyscope::test {

/// One product's balancer before the servers s1, s2 and s3, some of which fail; each request is met
/// with all its attempts.
class LoneTrial
{
public:
    explicit LoneTrial(const BalancerSpec& spec, ReplicaSet replicas = StickyTrial::three())
        : dispatcher(spec, std::move(replicas), Chance {1})
    {
    }

    /// Where it was tried, one letter each (a is s1), and the answer: "ab 200".
    std::string ask(const std::string& method = "GET", const http::Fields& fields = {})
    {
        const LoneAnswer met = meet(method, fields);
        std::string trail;
        for (const ReplicaIndex replica : met.failed)
            trail += letterOf(replica);
        if (met.origin == Origin::replica)
            trail += letterOf(met.replica);
        return trail + (trail.empty() ? "" : " ") + std::to_string(met.response.status);
    }

    LoneAnswer meet(const std::string& method = "GET", const http::Fields& fields = {})
    {
        m_request = {.method = method, .fields = fields};
        const std::uint32_t number = m_number++;
        return meetAlone(dispatcher,
                         {.arrival = {.request = m_request, .now = wall, .source = "198.51.100.7"},
                          .now = now,
                          .draw =
                              [number](int attempt) {
                                  return Draw(1, 0, number, static_cast<std::uint32_t>(attempt),
                                              Purpose::balancerChoice);
                              },
                          .fault =
                              [this](ReplicaIndex replica) {
                                  const auto found = faults.find(letterOf(replica));
                                  return found == faults.end() ? std::nullopt
                                                               : std::optional(found->second);
                              },
                          .answer =
                              [this](ReplicaIndex replica) {
                                  const auto found = statuses.find(letterOf(replica));
                                  http::ResponseHead head;
                                  head.status = found == statuses.end() ? 200 : found->second;
                                  return head;
                              }});
    }

    static char letterOf(ReplicaIndex replica) { return static_cast<char>('a' + raw(replica)); }

    Dispatcher dispatcher;
    std::map<char, Fault> faults;
    std::map<char, int> statuses; ///< of answers; 200 where there is none
    Instant now {};
    WallSeconds wall {std::chrono::seconds(1'767'225'600)};

private:
    http::RequestHead m_request;
    std::uint32_t m_number = 0;
};

} // namespace stickyscope::test
