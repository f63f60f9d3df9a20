// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/candidates.h"

namespace stickyscope {

namespace {

class UniformRandom final : public CloneablePolicy<UniformRandom>
{
public:
    explicit UniformRandom(const ReplicaSet& replicas)
        : m_candidates(replicas)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        return m_candidates.draw(pick.draw, pick.avoid);
    }

    void topologyChanged(const ReplicaSet& replicas) override { m_candidates.update(replicas); }

private:
    Candidates m_candidates;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeUniformRandom(const ReplicaSet& replicas, const Chance&,
                                                   const Settings&)
{
    return std::make_unique<UniformRandom>(replicas);
}

} // namespace stickyscope
