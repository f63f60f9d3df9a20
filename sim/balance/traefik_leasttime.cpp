// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/shuffled.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

// Traefik 3.7, pkg/server/service/loadbalancer/leasttime/leasttime.go: the mean time to the first
// byte of the last hundred answers, in whole milliseconds, times the requests in flight and this
// one, over the weight. A server that has not answered yet counts as 0 ms, so it comes first.
// Ties go to the earliest deadline. Bound requests are in none of these figures. In the model an
// answer's first byte is its last.
class TraefikLeastTime final : public CloneablePolicy<TraefikLeastTime>
{
public:
    TraefikLeastTime(const ReplicaSet& replicas, const Chance& chance)
    {
        m_servers.resize(replicas.size());
        for (const ReplicaIndex replica : shuffled(replicas, chance))
            add(replica, replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        Server* best = nullptr;
        ReplicaIndex chosen = noReplica;
        double least = 0;
        bool tied = false;
        for (const ReplicaIndex replica : m_order) {
            if (!eligible(pick, replica, left == 1))
                continue;
            Server& server = m_servers[raw(replica)];
            const double score = server.score();
            if (best && score > least)
                continue;
            tied = best && score == least;
            // Among equals the earliest deadline, and the first of those.
            if (tied && best->deadline <= server.deadline)
                continue;
            best = &server;
            chosen = replica;
            least = score;
        }
        if (!best)
            return std::nullopt;
        if (isTied(pick, least, chosen)) {
            best->deadline += 1 / best->weight;
            m_deadline = std::max(m_deadline, best->deadline);
        }
        return chosen;
    }

    void assigned(ReplicaIndex replica, Bound bound, Instant) override
    {
        if (bound == Bound::no)
            ++m_servers[raw(replica)].inFlight;
    }

    void released(const Ended& ended) override
    {
        if (ended.bound == Bound::yes)
            return;
        Server& server = m_servers[raw(ended.replica)];
        --server.inFlight;
        if (ended.answered)
            server.answered(ended.took);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        const std::size_t known = m_servers.size();
        m_servers.resize(replicas.size());
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (place >= known)
                add(index, replicas);
            else if (replicas[index].weight > 0)
                m_servers[place].weight = replicas[index].weight;
        }
    }

private:
    static constexpr std::size_t samples = 100;

    struct Server
    {
        double weight = 1;
        double deadline = 0;
        std::int64_t inFlight = 0;
        std::array<std::int32_t, samples> times {}; ///< a ring of milliseconds
        std::size_t next = 0;
        std::size_t count = 0;
        std::int64_t sum = 0;

        double score() const
        {
            const double mean =
                count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
            return mean * static_cast<double>(1 + inFlight) / weight;
        }

        void answered(Duration took)
        {
            const auto time = static_cast<std::int32_t>(
                std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
            sum += time - times[next]; // what was never set is zero
            times[next] = time;
            count = std::min(count + 1, samples);
            next = (next + 1) % samples;
        }
    };

    void add(ReplicaIndex replica, const ReplicaSet& replicas)
    {
        m_order.push_back(replica);
        Server& server = m_servers[raw(replica)];
        // Weight 0 is unreachable in Traefik; should it rise, it starts as weight 1 does.
        server.weight = std::max(replicas[replica].weight, 1);
        m_deadline += 1 / server.weight;
        server.deadline = m_deadline;
    }

    // Only a choice among equals moves a deadline.
    bool isTied(const Pick& pick, double score, ReplicaIndex chosen) const
    {
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        return std::any_of(m_order.begin(), m_order.end(), [&](ReplicaIndex replica) {
            return replica != chosen && eligible(pick, replica, onlyOne)
                && m_servers[raw(replica)].score() == score;
        });
    }

    std::vector<Server> m_servers; ///< by replica
    std::vector<ReplicaIndex> m_order;
    double m_deadline = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeTraefikLeastTime(const ReplicaSet& replicas,
                                                      const Chance& chance, const Settings&)
{
    return std::make_unique<TraefikLeastTime>(replicas, chance);
}

} // namespace stickyscope
