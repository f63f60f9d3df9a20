// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

namespace stickyscope {

namespace {

class RoundRobin final : public CloneablePolicy<RoundRobin>
{
public:
    explicit RoundRobin(std::size_t start)
        : m_next(start)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t size = pick.replicas.size();
        std::optional<ReplicaIndex> avoided;
        for (std::size_t tried = 0; tried < size; ++tried) {
            const auto candidate = static_cast<ReplicaIndex>(m_next++ % size);
            if (!pick.replicas[candidate].takesFresh())
                continue;
            if (candidate != pick.avoid)
                return candidate;
            avoided = candidate;
        }
        return avoided;
    }

private:
    std::size_t m_next;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeRoundRobin(const ReplicaSet&, const Chance&, const Settings&)
{
    return std::make_unique<RoundRobin>(0);
}

// Caddy (selectionpolicies.go) counts before it picks, so its second upstream is the first.
std::unique_ptr<BalancingPolicy> makeCaddyRoundRobin(const ReplicaSet&, const Chance&,
                                                     const Settings&)
{
    return std::make_unique<RoundRobin>(1);
}

} // namespace stickyscope
