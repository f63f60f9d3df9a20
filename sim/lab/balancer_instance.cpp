// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/balancer_instance.h"

#include "sim/http/url.h"
#include "sim/lab/active_checks.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/proxy_tier.h"
#include "sim/model/balancer_instances.h"

#include <QHostInfo>

#include <algorithm>

namespace stickyscope::lab {

namespace {

ReplicaSet viewsOf(const std::vector<Backend>& backends)
{
    ReplicaSet set;
    for (const Backend& backend : backends)
        set.add(backend.view);
    return set;
}

QHostAddress addressOf(const std::string& host)
{
    const QHostAddress number(QString::fromStdString(host));
    if (!number.isNull())
        return number;
    const QList<QHostAddress> found = QHostInfo::fromName(QString::fromStdString(host)).addresses();
    return found.isEmpty() ? QHostAddress() : found.first();
}

} // namespace

// Each has its own luck in what it draws, the model's.
BalancerInstance::BalancerInstance(const ProxyTier& tier, int number, const ProxySettings& settings,
                                   const std::vector<Backend>& servers, ProxyCore& core)
    : m_core(core)
    , m_tier(tier)
    , m_number(number)
    , m_seed(settings.seed + static_cast<std::uint64_t>(tier.first() + number))
    , m_check(settings.check)
    , m_dispatcher(spec(), viewsOf(servers), Chance {m_seed})
{
    m_dispatcher.readConfiguration(m_core.wall());
    for (const Backend& server : servers)
        know(server);
    beginChecks();
}

int BalancerInstance::number() const
{
    return m_tier.first() + m_number;
}

BalancerSpec BalancerInstance::spec() const
{
    return instanceOf(m_tier.spec(), m_number);
}

const ProxyLimits& BalancerInstance::limits() const
{
    return m_tier.limits();
}

ReplicaIndex BalancerInstance::replicaOf(ReplicaIndex server) const
{
    return m_tier.replicaOf(server);
}

bool BalancerInstance::hasServers() const
{
    const ReplicaSet& servers = m_dispatcher.replicas();
    return std::any_of(servers.begin(), servers.end(),
                       [](const ReplicaView& server) { return server.up; });
}

BalancerInstance::~BalancerInstance() = default;

void BalancerInstance::know(const Backend& backend)
{
    const auto url = http::parseUrl(backend.view.url);
    m_pools.emplace_back(m_core, url ? addressOf(url->host) : QHostAddress(), url ? url->port : 0);
    m_hosts.push_back(url ? url->authority() : std::string());
    if (m_checks)
        m_checks->add(m_pools.back(), m_hosts.back());
}

void BalancerInstance::tellWhetherNoticed(ReplicaIndex replica, bool wasUp, const std::string& why)
{
    const bool isUp = m_dispatcher.seemsUp(replica);
    const ReplicaIndex which = replicaOf(replica);
    if (m_core.noticed && isUp != wasUp && which != noReplica)
        m_core.noticed(which, isUp, why);
}

void BalancerInstance::abandoned(ReplicaIndex replica)
{
    const bool wasUp = m_dispatcher.seemsUp(replica);
    m_dispatcher.abandoned(replica);
    tellWhetherNoticed(replica, wasUp);
}

bool BalancerInstance::takeBack(const Recall& recall)
{
    const auto back = m_dispatcher.takeBack(m_core.now(), recall);
    if (!back)
        return false;
    tellWhetherNoticed(*back, false);
    callIn(*back);
    return true;
}

void BalancerInstance::checked(ReplicaIndex replica, const std::string& why)
{
    const bool good = why.empty();
    const bool wasUp = m_dispatcher.seemsUp(replica);
    if (!m_dispatcher.checked(replica, good, m_core.now()))
        return;
    tellWhetherNoticed(replica, wasUp, m_dispatcher.replicas()[replica].name + " " + why);
    callIn(replica);
}

void BalancerInstance::setDraining(ReplicaIndex replica, bool draining)
{
    if (m_dispatcher.replicas()[replica].draining != draining) {
        m_dispatcher.setDraining(replica, draining);
        m_dispatcher.readConfiguration(m_core.wall());
    }
    callIn(replica);
}

void BalancerInstance::setWeight(ReplicaIndex replica, int weight)
{
    m_dispatcher.setWeight(replica, weight);
    callIn(replica);
}

void BalancerInstance::setMaintenance(ReplicaIndex replica, bool out)
{
    m_dispatcher.tell(replica, !out, m_core.now());
    callIn(replica);
}

void BalancerInstance::forget(ReplicaIndex replica)
{
    m_dispatcher.remove(replica);
    m_dispatcher.readConfiguration(m_core.wall());
    if (m_checks)
        m_checks->remove(replica);
    callIn(replica);
}

ReplicaIndex BalancerInstance::add(const Backend& backend)
{
    const ReplicaIndex index = m_dispatcher.add(backend.view);
    m_dispatcher.readConfiguration(m_core.wall());
    know(backend);
    m_dispatcher.comesUp(index, m_core.now());
    callIn(index);
    return index;
}

ReplicaIndex BalancerInstance::waitsNoMore(std::uint32_t ordinal)
{
    m_waiting.erase(ordinal);
    return m_dispatcher.waitsNoMore(ordinal);
}

// Each goes on when whoever calls has returned: it is in the middle of another request.
void BalancerInstance::callIn(ReplicaIndex replica)
{
    const auto goOn = [this](std::uint32_t ordinal, ReplicaIndex to) {
        const auto found = m_waiting.find(ordinal);
        ProxyClient* client = found->second;
        m_waiting.erase(found);
        client->calledIn(to);
    };
    while (const auto ordinal = m_dispatcher.leftBehind())
        goOn(*ordinal, noReplica);
    while (const auto ordinal = m_dispatcher.callIn(replica, m_core.now()))
        goOn(*ordinal, replica);
}

void BalancerInstance::tick(Clock::time_point now)
{
    for (ReplicaPool& pool : m_pools)
        pool.tick(now);
}

std::size_t BalancerInstance::connections() const
{
    std::size_t count = 0;
    for (const ReplicaPool& pool : m_pools)
        count += pool.connections();
    return count;
}

bool BalancerInstance::dropIdleLink()
{
    return std::any_of(m_pools.begin(), m_pools.end(),
                       [](ReplicaPool& pool) { return pool.dropIdle(); });
}

void BalancerInstance::stopChecking()
{
    m_checks.reset();
}

void BalancerInstance::clearQueues()
{
    for (ReplicaPool& pool : m_pools)
        pool.clearQueue();
}

void BalancerInstance::closeAll()
{
    for (ReplicaPool& pool : m_pools)
        pool.closeAll();
}

} // namespace stickyscope::lab
