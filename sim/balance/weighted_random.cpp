// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/usable_weights.h"
#include "sim/balance/weighted_ranges.h"

namespace stickyscope {

namespace {

class WeightedRandom final : public CloneablePolicy<WeightedRandom>
{
public:
    explicit WeightedRandom(const ReplicaSet& replicas) { topologyChanged(replicas); }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        std::uint64_t total = m_ranges.total();
        if (total == 0)
            return std::nullopt;
        // The one to avoid is cut out of the line.
        const bool cut = pick.avoid != noReplica && m_weights.usable() > 1;
        const std::uint64_t gap = cut ? static_cast<std::uint64_t>(m_weights[pick.avoid]) : 0;
        total -= gap;
        const std::uint64_t drawn = pick.draw.below(static_cast<std::uint32_t>(total));
        const ReplicaIndex chosen = m_ranges.at(drawn);
        return gap > 0 && raw(chosen) >= raw(pick.avoid) ? m_ranges.at(drawn + gap) : chosen;
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        if (m_weights.update(replicas))
            m_ranges.build(m_weights);
    }

private:
    UsableWeights m_weights;
    WeightedRanges m_ranges;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeWeightedRandom(const ReplicaSet& replicas, const Chance&,
                                                    const Settings&)
{
    return std::make_unique<WeightedRandom>(replicas);
}

} // namespace stickyscope
