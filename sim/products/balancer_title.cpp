// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/balancer_title.h"

#include "sim/products/product.h"

namespace stickyscope {

std::string balancerTitle(const Scenario& scenario, const LaneSpec& lane)
{
    std::string title(findProduct(balancerOf(scenario, lane).product)->title);
    if (!scenario.balancers.empty())
        title += " + " + std::to_string(scenario.balancers.size());
    return title;
}

} // namespace stickyscope
