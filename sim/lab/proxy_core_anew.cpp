// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of clients' connections when the balancers behind the doors begin anew.
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/tunnel.h"

namespace stickyscope::lab {

void ProxyCore::reload(const BalancerSpec& balancer, std::size_t place)
{
    m_tiers[place]->reload(balancer);
}

void ProxyCore::restart(std::size_t place)
{
    std::vector<ProxyClient*> clients;
    for (const auto& client : m_clients) {
        if (client->isWith(place))
            clients.push_back(client.get());
    }
    for (ProxyClient* client : clients)
        client->breakOff("the balancer restarts");
    std::vector<Tunnel*> tunnels;
    for (const auto& tunnel : m_tunnels) {
        if (tunnel->tier == place)
            tunnels.push_back(tunnel.get());
    }
    for (Tunnel* tunnel : tunnels)
        tunnel->end(true);
    m_tiers[place]->restart();
}

} // namespace stickyscope::lab
