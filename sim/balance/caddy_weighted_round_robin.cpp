// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <vector>

namespace stickyscope {

namespace {

// Caddy since 2.7, selectionpolicies.go, WeightedRoundRobinSelection: a counter runs through all
// weights, each server's in one piece, and counts before it picks. Servers that are not available
// are left out of the list, but not of the weights: others get their turns.
class CaddyWeightedRoundRobin final : public CloneablePolicy<CaddyWeightedRoundRobin>
{
public:
    explicit CaddyWeightedRoundRobin(const ReplicaSet& replicas) { read(replicas); }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        std::vector<ReplicaIndex> available;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto replica = static_cast<ReplicaIndex>(place);
            if (eligible(pick, replica, pick.replicas.takingFresh() == 1))
                available.push_back(replica);
        }
        if (available.empty() || m_total == 0)
            return std::nullopt;
        m_turn = (m_turn + 1) % m_total;
        std::size_t server = 0;
        for (std::uint64_t reached = m_weights[0]; reached <= m_turn; reached += m_weights[server])
            ++server;
        return available[server % available.size()];
    }

    void topologyChanged(const ReplicaSet& replicas) override { read(replicas); }

private:
    void read(const ReplicaSet& replicas)
    {
        m_weights.clear();
        m_total = 0;
        for (const ReplicaView& replica : replicas) {
            if (replica.weight == 0)
                continue;
            m_weights.push_back(static_cast<std::uint64_t>(replica.weight));
            m_total += m_weights.back();
        }
    }

    std::vector<std::uint64_t> m_weights; ///< of those that have one
    std::uint64_t m_total = 0;
    std::uint64_t m_turn = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeCaddyWeightedRoundRobin(const ReplicaSet& replicas,
                                                             const Chance&, const Settings&)
{
    return std::make_unique<CaddyWeightedRoundRobin>(replicas);
}

} // namespace stickyscope
