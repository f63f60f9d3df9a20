// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a balancer begins anew after a reload or a restart: checks and counts.
#include "sim/lab/active_checks.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/tunnel.h"

#include <utility>

namespace stickyscope::lab {

namespace {

// As good as for ever.
constexpr std::chrono::hours forEver {24 * 365};

} // namespace

void ProxyCore::setPatience()
{
    if (!m_settings.waitsAsProduct)
        return;
    const Duration patience =
        m_settings.balancer.answerTimeout.value_or(m_dispatcher.product().answerTimeout);
    m_settings.limits.firstByte = patience > Duration::zero()
        ? std::chrono::ceil<std::chrono::milliseconds>(patience)
        : forEver;
}

void ProxyCore::beginChecks()
{
    m_health.reset();
    m_checks.reset();
    const auto& check = m_settings.balancer.healthCheck;
    if (!check)
        return;
    const Product& product = m_dispatcher.product();
    m_health.emplace(check->fall.value_or(product.fall), check->rise.value_or(product.rise),
                     m_pools.size());
    m_checks = std::make_unique<ActiveChecks>(
        m_settings.check, check->every,
        [this](ReplicaIndex replica, bool good) { checked(replica, good); });
    for (std::size_t place = 0; place < m_pools.size(); ++place) {
        m_checks->add(m_pools[place], m_hosts[place]);
        if (m_dispatcher.replicas()[static_cast<ReplicaIndex>(place)].url.empty())
            m_checks->remove(static_cast<ReplicaIndex>(place));
    }
    if (!m_listeners.empty())
        m_checks->begin();
}

// Its own for each time, and the model's.
Chance ProxyCore::luckAnew()
{
    return {m_settings.seed + (std::uint64_t {++m_reloads} << 32U)};
}

// What was counted or noticed is gone; only an orchestrator's word still holds.
void ProxyCore::beginAnew(const BalancerSpec& balancer)
{
    m_dispatcher.readConfiguration(wall());
    m_settings.balancer = balancer;
    setPatience();
    m_goodByChecks.assign(m_goodByChecks.size(), true);
    for (std::size_t place = 0; place < m_maintenance.size(); ++place) {
        if (m_maintenance[place])
            m_dispatcher.setUp(static_cast<ReplicaIndex>(place), false);
    }
    beginChecks();
}

void ProxyCore::reload(const BalancerSpec& balancer)
{
    // Who waits is placed anew, by what stands there then.
    for (const ServerLimits::Ticket ticket : m_dispatcher.waiting()) {
        ProxyClient* const client = m_waiting.at(ticket);
        m_waiting.erase(ticket);
        client->calledIn(noReplica);
    }
    if (!m_dispatcher.reload(balancer, luckAnew()))
        ++m_epoch;
    beginAnew(balancer);
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
    for (ReplicaPool& pool : m_pools)
        pool.closeAll();
    m_dispatcher = Dispatcher(m_settings.balancer, m_dispatcher.configured(), luckAnew());
    ++m_epoch;
    beginAnew(m_settings.balancer);
}

} // namespace stickyscope::lab
