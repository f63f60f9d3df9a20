// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/proxy_core.h"

#include "sim/http/url.h"
#include "sim/lab/active_checks.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/tunnel.h"

#include <QHostInfo>
#include <QRandomGenerator>

#include <algorithm>
#include <malloc.h>

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

std::chrono::milliseconds tickOf(const ProxyLimits& limits)
{
    using std::chrono::milliseconds;
    const milliseconds shortest =
        std::min({limits.head, limits.bodyPause, limits.sendPause, limits.idle, limits.connect,
                  limits.firstByte, limits.answerPause, limits.tunnelClose});
    return std::clamp(shortest / 8, milliseconds(5), milliseconds(100));
}

} // namespace

ProxyCore::ProxyCore(const ProxySettings& settings, const std::vector<Backend>& backends)
    : m_settings(settings)
    , m_dispatcher(settings.balancer, viewsOf(backends), Chance {settings.seed})
    , m_idPrefix(QString::number(QRandomGenerator::system()->generate64(), 16)
                     .rightJustified(16, QLatin1Char('0'))
                     .toStdString())
{
    m_dispatcher.readConfiguration(wall());
    setPatience();
    for (const Backend& backend : backends)
        know(backend);
    beginChecks();
    QObject::connect(&m_tick, &QTimer::timeout, &m_tick, [this] { tick(); });
    m_tick.start(tickOf(m_settings.limits));
}

ProxyCore::~ProxyCore()
{
    stop();
}

void ProxyCore::know(const Backend& backend)
{
    const auto url = http::parseUrl(backend.view.url);
    m_pools.emplace_back(*this, url ? addressOf(url->host) : QHostAddress(), url ? url->port : 0);
    m_goodByChecks.push_back(true);
    m_maintenance.push_back(false);
    m_hosts.push_back(url ? url->authority() : std::string());
    if (m_health)
        m_health->add();
    if (m_checks)
        m_checks->add(m_pools.back(), m_hosts.back());
}

void ProxyCore::stop()
{
    m_stopped = true;
    m_tick.stop();
    m_listeners.clear();
    m_networkListeners.clear();
    m_checks.reset();
    for (ReplicaPool& pool : m_pools)
        pool.clearQueue();
    while (!m_clients.empty())
        m_clients.back()->close();
    while (!m_tunnels.empty())
        m_tunnels.back()->end(false);
    for (ReplicaPool& pool : m_pools)
        pool.closeAll();
}

Instant ProxyCore::now() const
{
    return Instant(Clock::now() - beginning);
}

WallSeconds ProxyCore::wall() const
{
    if (m_settings.wall)
        return m_settings.wall();
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string ProxyCore::newRequestId()
{
    std::string number = std::to_string(++m_ids);
    return m_idPrefix + "-" + number;
}

void ProxyCore::tellWhetherNoticed(ReplicaIndex replica, bool wasUp) const
{
    const bool isUp = m_dispatcher.replicas()[replica].up;
    if (noticed && isUp != wasUp)
        noticed(replica, isUp);
}

bool ProxyCore::takeBack(const Recall& recall)
{
    const auto back = m_dispatcher.takeBack(now(), recall);
    if (!back)
        return false;
    tellWhetherNoticed(*back, false);
    callIn(*back);
    return true;
}

void ProxyCore::checked(ReplicaIndex replica, bool good)
{
    if (!m_health->checked(replica, good))
        return;
    m_goodByChecks[raw(replica)] = good;
    const bool wasUp = m_dispatcher.replicas()[replica].up;
    m_dispatcher.setUp(replica, good && !m_maintenance[raw(replica)]);
    if (!wasUp && m_dispatcher.replicas()[replica].up)
        m_dispatcher.comesUp(replica, now());
    tellWhetherNoticed(replica, wasUp);
    callIn(replica);
}

void ProxyCore::setDraining(ReplicaIndex replica, bool draining)
{
    if (m_dispatcher.replicas()[replica].draining != draining) {
        m_dispatcher.setDraining(replica, draining);
        m_dispatcher.readConfiguration(wall());
    }
    callIn(replica);
}

void ProxyCore::setWeight(ReplicaIndex replica, int weight)
{
    m_dispatcher.setWeight(replica, weight);
    callIn(replica);
}

void ProxyCore::setMaintenance(ReplicaIndex replica, bool out)
{
    m_maintenance[raw(replica)] = out;
    const bool wasUp = m_dispatcher.replicas()[replica].up;
    m_dispatcher.setUp(replica, m_goodByChecks[raw(replica)] && !out);
    if (!wasUp && m_dispatcher.replicas()[replica].up)
        m_dispatcher.comesUp(replica, now());
    callIn(replica);
}

void ProxyCore::forget(ReplicaIndex replica)
{
    m_dispatcher.remove(replica);
    m_dispatcher.readConfiguration(wall());
    if (m_checks)
        m_checks->remove(replica);
    callIn(replica);
}

ReplicaIndex ProxyCore::add(const Backend& backend)
{
    const ReplicaIndex index = m_dispatcher.add(backend.view);
    m_dispatcher.readConfiguration(wall());
    know(backend);
    m_dispatcher.comesUp(index, now());
    callIn(index);
    return index;
}

void ProxyCore::bury(std::unique_ptr<wire::Stream::Owner> ended)
{
    const bool first = m_buried.empty();
    m_buried.push_back(std::move(ended));
    if (first)
        QMetaObject::invokeMethod(
            &m_tick, [this] { const auto gone = std::move(m_buried); }, Qt::QueuedConnection);
}

void ProxyCore::remove(ProxyClient& client)
{
    const std::size_t place = client.place;
    std::swap(m_clients[place], m_clients.back());
    m_clients[place]->place = place;
    bury(std::move(m_clients.back()));
    m_clients.pop_back();
}

void ProxyCore::tunnel(std::unique_ptr<Tunnel> tunnel)
{
    tunnel->place = m_tunnels.size();
    m_tunnels.push_back(std::move(tunnel));
    m_tunnels.back()->begin();
}

void ProxyCore::remove(Tunnel& tunnel)
{
    const std::size_t place = tunnel.place;
    std::swap(m_tunnels[place], m_tunnels.back());
    m_tunnels[place]->place = place;
    bury(std::move(m_tunnels.back()));
    m_tunnels.pop_back();
}

std::size_t ProxyCore::replicaConnections() const
{
    std::size_t count = m_tunnels.size();
    for (const ReplicaPool& pool : m_pools)
        count += pool.connections();
    return count;
}

bool ProxyCore::dropIdleLink()
{
    return std::any_of(m_pools.begin(), m_pools.end(),
                       [](ReplicaPool& pool) { return pool.dropIdle(); });
}

// What one of them brings about may end others, whose memory stays until later.
void ProxyCore::tick()
{
    const auto now = Clock::now();
    for (ReplicaPool& pool : m_pools)
        pool.tick(now);
    std::vector<ProxyClient*> clients;
    clients.reserve(m_clients.size());
    for (const auto& client : m_clients)
        clients.push_back(client.get());
    for (ProxyClient* client : clients)
        client->tick(now);
    std::vector<Tunnel*> tunnels;
    tunnels.reserve(m_tunnels.size());
    for (const auto& tunnel : m_tunnels)
        tunnels.push_back(tunnel.get());
    for (Tunnel* tunnel : tunnels)
        tunnel->tick(now);
    giveBackMemory();
}

// A crowd's memory goes back to the system when it has left: the allocator alone would keep it for
// another one.
void ProxyCore::giveBackMemory()
{
    constexpr std::size_t crowd = 500;
    constexpr std::size_t fewer = 8;
    const std::size_t open = m_clients.size() + m_tunnels.size();
    m_mostAtOnce = std::max(m_mostAtOnce, open);
    m_crowded = m_crowded || m_mostAtOnce >= crowd;
    if (!m_crowded || open > m_mostAtOnce / fewer)
        return;
    // Who is left is given back as well, when he has gone.
    m_mostAtOnce = open;
    m_crowded = open > 0;
    m_clients.shrink_to_fit();
    m_tunnels.shrink_to_fit();
    m_buried.shrink_to_fit();
    malloc_trim(0);
}

} // namespace stickyscope::lab
