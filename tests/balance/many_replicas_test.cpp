// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// With many replicas algorithms look at few of them; what they choose must be the same.
#include "tests/support/trial.h"

#include <algorithm>
#include <rapidcheck.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// Smooth weighted round robin as its authors write it: one loop over all.
class OneLoop
{
public:
    explicit OneLoop(const std::vector<int>& weights)
    {
        for (const int weight : weights)
            m_servers.push_back({0, weight, weight});
    }

    // Who is chosen, or pays for somebody else's choice.
    std::size_t round(const ReplicaSet& set, ReplicaIndex avoid, ReplicaIndex given = noReplica)
    {
        std::size_t best = m_servers.size();
        std::int64_t gained = 0;
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!set[index].takesFresh() || index == avoid)
                continue;
            Server& server = m_servers[place];
            server.current += server.effective;
            gained += server.effective;
            server.effective = std::min(server.effective + 1, server.weight);
            if (best == m_servers.size() || server.current > m_servers[best].current)
                best = place;
        }
        if (given != noReplica)
            best = raw(given);
        m_servers[best].current -= gained;
        return best;
    }

    void bound(const ReplicaSet& set, ReplicaIndex replica)
    {
        std::int64_t others = -m_servers[raw(replica)].weight;
        for (const Server& server : m_servers)
            others += server.weight;
        if (m_servers[raw(replica)].current > -others)
            round(set, noReplica, replica);
    }

    void failed(ReplicaIndex replica) { m_servers[raw(replica)].effective = 0; }

private:
    struct Server
    {
        std::int64_t current;
        std::int64_t effective;
        std::int64_t weight;
    };

    std::vector<Server> m_servers;
};

} // namespace

TEST_CASE("Smooth weights in order choose what one loop over all replicas chooses")
{
    CHECK(rc::check([] {
        const auto weights =
            *rc::gen::container<std::vector<int>>(80, rc::gen::inRange(1, *rc::gen::inRange(2, 9)));
        Trial trial("nginx-round-robin", weights);
        OneLoop loop(weights);
        for (int step = 0; step < 300; ++step) {
            const auto some = static_cast<ReplicaIndex>(*rc::gen::inRange(0, 80));
            switch (*rc::gen::inRange(0, 60)) {
            case 0: // a few go and come, but never so many that order is given up for long
                trial.set.setUp(some, !trial.set[some].up);
                trial.policy->topologyChanged(trial.set);
                break;
            case 1:
                trial.set.setDraining(some, !trial.set[some].draining);
                trial.policy->topologyChanged(trial.set);
                break;
            case 2:
                trial.policy->released({.replica = some, .answered = false});
                loop.failed(some);
                break;
            case 8: // its client went away, which is not held against it
                trial.policy->released(
                    {.replica = some, .answered = false, .end = AnswerEnd::clientGone});
                break;
            case 3:
                RC_ASSERT(raw(trial.choose({}, some).value()) == loop.round(trial.set, some));
                break;
            case 4:
            case 5:
            case 6:
            case 7:
                trial.policy->assigned(some, Bound::yes, {});
                loop.bound(trial.set, some);
                break;
            default:
                RC_ASSERT(raw(trial.choose().value()) == loop.round(trial.set, noReplica));
            }
        }
    }));
}

TEST_CASE("A thousand replicas get turns by their weights from every weighted round robin")
{
    std::vector<int> weights;
    int total = 0;
    for (int number = 0; number < 1000; ++number) {
        weights.push_back(1 + number % 3);
        total += weights.back();
    }
    for (const char* id :
         {"nginx-round-robin", "smooth-weighted-round-robin", "apache-byrequests",
          "haproxy-roundrobin", "haproxy-static-rr", "envoy-round-robin", "traefik-wrr"}) {
        CAPTURE(id);
        Trial trial(id, weights);
        std::vector<int> turns(weights.size(), 0);
        for (int pick = 0; pick < 10 * total; ++pick)
            ++turns[raw(trial.choose().value())];
        for (std::size_t server = 0; server < weights.size(); ++server)
            CHECK(std::abs(turns[server] - 10 * weights[server]) <= 1);
    }
}
