// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a balancer begins anew after a reload or a restart: checks and counts.
#include "sim/lab/active_checks.h"
#include "sim/lab/balancer_instance.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/proxy_tier.h"

namespace stickyscope::lab {

void BalancerInstance::beginChecks()
{
    m_checks.reset();
    const auto& check = m_tier.spec().healthCheck;
    if (!check)
        return;
    m_checks = std::make_unique<ActiveChecks>(
        m_check, check->every,
        [this](ReplicaIndex replica, const std::string& why) { checked(replica, why); });
    for (std::size_t place = 0; place < m_pools.size(); ++place) {
        m_checks->add(m_pools[place], m_hosts[place]);
        if (m_dispatcher.replicas()[static_cast<ReplicaIndex>(place)].url.empty())
            m_checks->remove(static_cast<ReplicaIndex>(place));
    }
    if (m_checking)
        m_checks->begin();
}

void BalancerInstance::check()
{
    m_checking = true;
    if (m_checks)
        m_checks->begin();
}

// Its own for each time, and the model's.
Chance BalancerInstance::luckAnew()
{
    return {m_seed + (std::uint64_t {++m_reloads} << 32U)};
}

void BalancerInstance::beginAnew()
{
    m_dispatcher.readConfiguration(m_core.wall());
    beginChecks();
}

void BalancerInstance::reload()
{
    // Who waits is placed anew, by what stands there then.
    for (const ServerLimits::Ticket ticket : m_dispatcher.waiting()) {
        ProxyClient* const client = m_waiting.at(ticket);
        m_waiting.erase(ticket);
        client->calledIn(noReplica);
    }
    if (!m_dispatcher.reload(spec(), luckAnew()))
        ++m_epoch;
    beginAnew();
}

void BalancerInstance::restart()
{
    closeAll();
    m_dispatcher = m_dispatcher.successor(spec(), luckAnew());
    ++m_epoch;
    beginAnew();
}

} // namespace stickyscope::lab
