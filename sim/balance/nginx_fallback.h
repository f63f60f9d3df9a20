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

    /// The server that a hash falls on, modulo all weights; some must not be 0.
    ReplicaIndex aimedAt(std::uint64_t hash) const
    {
        return m_ranges.at(hash % std::max<std::uint64_t>(m_ranges.total(), 1));
    }
    /// One by its weight.
    ReplicaIndex drawn(Draw& draw) const
    {
        return m_ranges.at(draw.below(static_cast<std::uint32_t>(m_ranges.total())));
    }

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
