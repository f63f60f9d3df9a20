// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/tier_member.h"
#include "sim/products/product.h"

#include <vector>

namespace stickyscope {

/// One balancer of the scenario, or several of the same kind side by side.
struct BalancerTier
{
    BalancerSpec spec;
    std::uint8_t first = 0; ///< of its balancers, among all
    std::uint8_t reloads = 0;
    Duration answerTimeout {}; ///< how long it waits for an answer; zero: for ever
    HeadLimit head {};
    std::vector<TierMember> members; ///< by the number that the balancer gives its server
};

} // namespace stickyscope
