// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

namespace stickyscope {

namespace {

// Caddy's first. HAProxy's as well, where no server has a maxconn.
class First final : public CloneablePolicy<First>
{
public:
    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        if (left == 0)
            return std::nullopt;
        std::size_t place = 0;
        while (!eligible(pick, static_cast<ReplicaIndex>(place), left == 1))
            ++place;
        return static_cast<ReplicaIndex>(place);
    }
};

} // namespace

std::unique_ptr<BalancingPolicy> makeFirst(const ReplicaSet&, const Chance&, const Settings&)
{
    return std::make_unique<First>();
}

} // namespace stickyscope
