// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/balancer_servers.h"

#include <algorithm>

namespace stickyscope {

bool isServer(const BalancerSpec& balancer, const std::string& name)
{
    return balancer.servers.empty()
        || std::find(balancer.servers.begin(), balancer.servers.end(), name)
        != balancer.servers.end();
}

ReplicaView viewOfBalancer(const BalancerSpec& balancer, std::size_t place)
{
    return {.name = balancer.name,
            .url = "http://203.0.113." + std::to_string(place + 1) + ":8000",
            .weight = balancer.weight,
            .isBalancer = true};
}

} // namespace stickyscope
