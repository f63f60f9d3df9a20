// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of clients' connections when the balancers behind the doors begin anew.
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/tunnel.h"

namespace stickyscope::lab {

namespace {

// As good as for ever.
constexpr std::chrono::hours forEver {24 * 365};

} // namespace

void ProxyCore::setPatience()
{
    if (!m_settings.waitsAsProduct)
        return;
    const Product& product = instance(0).dispatcher().product();
    const Duration patience = m_settings.balancer.answerTimeout.value_or(product.answerTimeout);
    m_settings.limits.firstByte = patience > Duration::zero()
        ? std::chrono::ceil<std::chrono::milliseconds>(patience)
        : forEver;
}

void ProxyCore::reload(const BalancerSpec& balancer)
{
    m_settings.balancer = balancer;
    forEachInstance([&](BalancerInstance& one) { one.reload(balancer); });
    setPatience();
}

void ProxyCore::restart()
{
    std::vector<ProxyClient*> clients;
    clients.reserve(m_clients.size());
    for (const auto& client : m_clients)
        clients.push_back(client.get());
    for (ProxyClient* client : clients)
        client->breakOff("the balancer restarts");
    while (!m_tunnels.empty())
        m_tunnels.back()->end(true);
    forEachInstance([this](BalancerInstance& one) { one.restart(m_settings.balancer); });
}

} // namespace stickyscope::lab
