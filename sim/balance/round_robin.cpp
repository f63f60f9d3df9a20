// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

namespace stickyscope {

namespace {

class RoundRobin final : public CloneablePolicy<RoundRobin>
{
public:
    explicit RoundRobin(std::size_t start, bool boundCount = false)
        : m_next(start)
        , m_boundCount(boundCount)
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

    void assigned(ReplicaIndex, Bound bound, Instant) override
    {
        if (m_boundCount && bound == Bound::yes)
            ++m_next;
    }

private:
    std::size_t m_next;
    bool m_boundCount;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeRoundRobin(const ReplicaSet&, const Chance&, const Settings&)
{
    return std::make_unique<RoundRobin>(0);
}

// Spring Cloud LoadBalancer asks its round robin for every request, and heeds the cookie then.
std::unique_ptr<BalancingPolicy> makeSpringRoundRobin(const ReplicaSet&, const Chance&,
                                                      const Settings&)
{
    return std::make_unique<RoundRobin>(0, true);
}

// Caddy (selectionpolicies.go) counts before it picks, so its second upstream is the first.
std::unique_ptr<BalancingPolicy> makeCaddyRoundRobin(const ReplicaSet&, const Chance&,
                                                     const Settings&)
{
    return std::make_unique<RoundRobin>(1);
}

} // namespace stickyscope
