// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/proxy_core.h"

#include "sim/lab/proxy_client.h"
#include "sim/lab/tunnel.h"

#include <QRandomGenerator>

#include <algorithm>
#include <malloc.h>
#include <utility>

namespace stickyscope::lab {

namespace {

std::chrono::milliseconds tickOf(const ProxyLimits& limits)
{
    using std::chrono::milliseconds;
    const milliseconds shortest =
        std::min({limits.head, limits.bodyPause, limits.sendPause, limits.idle, limits.connect,
                  limits.firstByte, limits.answerPause, limits.tunnelClose});
    return std::clamp(shortest / 8, milliseconds(5), milliseconds(100));
}

} // namespace

ProxyCore::ProxyCore(ProxySettings settings, const std::vector<Backend>& backends)
    : m_settings(std::move(settings))
    , m_idPrefix(QString::number(QRandomGenerator::system()->generate64(), 16)
                     .rightJustified(16, QLatin1Char('0'))
                     .toStdString()
                 + "-")
{
    ProxyTier::Place place;
    for (std::size_t number = 0; number <= m_settings.behind.size(); ++number) {
        m_tiers.push_back(std::make_unique<ProxyTier>(m_settings, place, backends, *this));
        ++place.number;
        place.first += m_settings.tier(number).count;
    }
    m_replicas = static_cast<std::uint32_t>(backends.size());
    QObject::connect(&m_tick, &QTimer::timeout, &m_tick, [this] { tick(); });
    m_tick.start(tickOf(m_settings.limits));
}

// Whoever was told of what happens may have gone.
ProxyCore::~ProxyCore()
{
    log = {};
    noticed = {};
    socketEnded = {};
    stop();
}

void ProxyCore::stop()
{
    m_stopped = true;
    m_tick.stop();
    m_listeners.clear();
    m_networkListeners.clear();
    m_innerListeners.clear();
    forEachInstance([](BalancerInstance& one) {
        one.stopChecking();
        one.clearQueues();
    });
    while (!m_clients.empty())
        m_clients.back()->endWith("the balancer stops");
    while (!m_tunnels.empty())
        m_tunnels.back()->end(false);
    forEachInstance([](BalancerInstance& one) { one.closeAll(); });
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
    return m_idPrefix + std::to_string(++m_ids);
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
    m_innerConnections -= client.isInner() ? 1U : 0U;
    const std::size_t place = client.place;
    std::swap(m_clients[place], m_clients.back());
    m_clients[place]->place = place;
    bury(std::move(m_clients.back()));
    m_clients.pop_back();
}

void ProxyCore::tunnel(std::unique_ptr<Tunnel> tunnel)
{
    m_innerConnections += tunnel->inner ? 1U : 0U;
    tunnel->place = m_tunnels.size();
    m_tunnels.push_back(std::move(tunnel));
    m_tunnels.back()->begin();
}

void ProxyCore::remove(Tunnel& tunnel)
{
    m_innerConnections -= tunnel.inner ? 1U : 0U;
    const std::size_t place = tunnel.place;
    std::swap(m_tunnels[place], m_tunnels.back());
    m_tunnels[place]->place = place;
    bury(std::move(m_tunnels.back()));
    m_tunnels.pop_back();
}

std::size_t ProxyCore::replicaConnections() const
{
    std::size_t count = m_tunnels.size();
    forEachInstance([&](const BalancerInstance& one) { count += one.connections(); });
    return count;
}

bool ProxyCore::dropIdleLink() const
{
    bool dropped = false;
    forEachInstance([&](BalancerInstance& one) { dropped = dropped || one.dropIdleLink(); });
    return dropped;
}

// What one of them brings about may end others, whose memory stays until later.
void ProxyCore::tick()
{
    const auto now = Clock::now();
    forEachInstance([now](BalancerInstance& one) { one.tick(now); });
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
