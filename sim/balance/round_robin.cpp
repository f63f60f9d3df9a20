// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

namespace stickyscope {

namespace {

class RoundRobin final : public CloneablePolicy<RoundRobin>
{
public:
    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t size = pick.replicas.size();
        std::optional<ReplicaIndex> avoided;
        for (std::size_t tried = 0; tried < size; ++tried) {
            const auto candidate = static_cast<ReplicaIndex>(m_next);
            m_next = (m_next + 1) % size;
            if (!pick.replicas[candidate].takesFresh())
                continue;
            if (candidate != pick.avoid)
                return candidate;
            avoided = candidate;
        }
        return avoided;
    }

private:
    std::size_t m_next = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeRoundRobin(const ReplicaSet&, const Chance&, const Settings&)
{
    return std::make_unique<RoundRobin>();
}

} // namespace stickyscope
