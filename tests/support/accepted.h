// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <string>

namespace stickyscope::test {

inline bool isRefused(const BalancerSpec& balancer)
{
    const Product& product = *findProduct(balancer.product);
    return product.refuses && !product.refuses(balancer).empty();
}

/// Takes back what the balancer's product refuses together.
inline void takeBackRefused(BalancerSpec& balancer)
{
    if (!isRefused(balancer))
        return;
    balancer.algorithm.clear();
    balancer.settings = {};
    if (balancer.sticky)
        balancer.sticky->settings = {};
}

/// Likewise, for each of the scenario's lanes.
inline void takeBackRefused(Scenario& scenario)
{
    for (LaneSpec& lane : scenario.lanes) {
        if (!isRefused(inLane(scenario.balancer, lane, true)))
            continue;
        lane.algorithm.reset();
        scenario.balancer.algorithm.clear();
        scenario.balancer.settings = {};
        if (scenario.balancer.sticky)
            scenario.balancer.sticky->settings = {};
    }
}

} // namespace stickyscope::test
