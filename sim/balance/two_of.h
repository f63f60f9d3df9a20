// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/balance/candidates.h"

#include <utility>

namespace stickyscope {

/// Two different candidates, each pair as likely, without the one to avoid where that leaves any;
/// the same one twice where it is the only one. There must be one.
inline std::pair<ReplicaIndex, ReplicaIndex> twoOf(const Candidates& candidates, const Pick& pick)
{
    const auto size = static_cast<std::uint32_t>(candidates.size());
    const std::uint32_t first = pick.draw.below(size);
    if (size == 1)
        return {candidates[0], candidates[0]};
    std::uint32_t second = pick.draw.below(size - 1);
    second += second >= first ? 1 : 0;
    const ReplicaIndex one = candidates[first];
    const ReplicaIndex other = candidates[second];
    return {one == pick.avoid ? other : one, other == pick.avoid ? one : other};
}

} // namespace stickyscope
