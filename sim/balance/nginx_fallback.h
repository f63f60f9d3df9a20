// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/balance/smooth_weights.h"
#include "sim/balance/weighted_ranges.h"

namespace stickyscope {

/// What nginx's `random`, `hash` and `ip_hash` have in common: they aim at all servers, also at
/// those that are down, give up after twenty misses, and then let round robin choose.
class NginxFallback
{
public:
    /// Misses that are forgiven ("tries > 20" in all three modules).
    static constexpr int forgiven = 20;

    explicit NginxFallback(const ReplicaSet& replicas)
        : m_weights(replicas)
    {
        update(replicas);
    }

    void update(const ReplicaSet& replicas)
    {
        m_weights.update(replicas);
        std::vector<int> weights;
        for (const ReplicaView& replica : replicas)
            weights.push_back(replica.weight);
        m_ranges.build(weights);
    }

    std::uint64_t total() const { return m_ranges.total(); }
    /// The server that a position on the line of all weights belongs to.
    ReplicaIndex at(std::uint64_t position) const { return m_ranges.at(position); }

    ReplicaIndex roundRobin(const Pick& pick)
    {
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        return m_weights.round(
            [&](ReplicaIndex replica) { return eligible(pick, replica, onlyOne); });
    }

    std::int64_t weight(ReplicaIndex replica) const { return m_weights.weight(replica); }

private:
    SmoothWeights m_weights;
    WeightedRanges m_ranges;
};

} // namespace stickyscope
