// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <cstdint>

namespace stickyscope {

/// What a balancer places requests on: a replica, or another balancer.
struct TierMember
{
    ReplicaIndex replica = noReplica;
    std::uint8_t tier = 0; ///< where it is no replica
};

} // namespace stickyscope
