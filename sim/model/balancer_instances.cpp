// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/balancer_instances.h"

namespace stickyscope {

BalancerSpec instanceOf(const BalancerSpec& balancer, int number)
{
    BalancerSpec spec = balancer;
    if (!spec.zones.empty())
        spec.zones = {spec.zones[static_cast<std::size_t>(number) % spec.zones.size()]};
    return spec;
}

int drawnInstance(const BalancerSpec& balancer, const Chance& chance, ClientIndex client,
                  std::uint32_t ordinal, std::uint8_t place)
{
    if (balancer.count == 1)
        return 0;
    Draw draw = chance.draw(client, ordinal, Purpose::balancerInstance, place);
    return static_cast<int>(draw.below(static_cast<std::uint32_t>(balancer.count)));
}

} // namespace stickyscope
