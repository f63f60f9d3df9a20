// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/model/replica_set.h"

#include <utility>
#include <vector>

namespace stickyscope {

/// All replicas in a random order: Traefik shuffles its servers whenever it reads its
/// configuration.
inline std::vector<ReplicaIndex> shuffled(const ReplicaSet& replicas, const Chance& chance)
{
    std::vector<ReplicaIndex> order(replicas.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        order[place] = static_cast<ReplicaIndex>(place);
    Draw draw = chance.draw(noClient, 0, Purpose::balancerStart);
    for (std::size_t left = order.size(); left > 1; --left) {
        const auto other = draw.below(static_cast<std::uint32_t>(left));
        std::swap(order[left - 1], order[other]);
    }
    return order;
}

} // namespace stickyscope
