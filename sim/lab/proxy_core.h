// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/inner_records.h"
#include "sim/lab/listener.h"
#include "sim/lab/proxy_door.h"
#include "sim/lab/proxy_tier.h"

#include <QSslConfiguration>
#include <QTimer>

#include <optional>

namespace stickyscope::lab {

class Tunnel;

/// What all connections of a lane's balancers share: the doors, the balancers behind them, clocks,
/// and the records' way out. It owns clients' connections and tunnels.
class ProxyCore
{
public:
    using Clock = std::chrono::steady_clock;

    ProxyCore(ProxySettings settings, const std::vector<Backend>& backends);
    ProxyCore(const ProxyCore&) = delete;
    ProxyCore& operator=(const ProxyCore&) = delete;
    ~ProxyCore();

    std::string listen(const QHostAddress& address, std::uint16_t port);
    Outcome<std::uint16_t> openLoopback(std::uint16_t port, bool secure);
    std::uint16_t port() const { return m_port; }
    void stop();

    /// Listens at this address too, as the first door does; the port that it got.
    Outcome<std::uint16_t> openToNetwork(const QHostAddress& address);
    /// Ends these listeners, and all that came in by them.
    void closeNetwork();
    /// Whether who comes from the network may ask by this Host.
    bool servesToNetwork(const http::RequestHead& head) const;

    const ProxyLimits& limits() const { return m_settings.limits; }
    ProxyTier& tier(std::size_t place) { return *m_tiers[place]; }
    const ProxyTier& tier(std::size_t place) const { return *m_tiers[place]; }
    /// Which balancer takes the request that came in by this door: of those side by side it is
    /// drawn, for each request of our clients, and once for all others of a connection.
    BalancerInstance& balancerFor(ProxyDoor door, const http::RequestHead& head,
                                  const std::string& requestId, std::uint32_t connection);
    std::uint32_t nextConnection() { return m_connections++; }
    using Action = std::function<void(BalancerInstance&)>;
    void forEachInstance(const Action& act) const;
    /// Of each balancer that has the replica among its servers, with its number there.
    using ServerAction = std::function<void(BalancerInstance&, ReplicaIndex server)>;
    void forEachServer(ReplicaIndex replica, const ServerAction& act) const;
    ReplicaIndex add(const Backend& backend);
    BalancerProxy::Way wayOf(const NumberedRequest& request, BalancerProxy::Asked asked) const;
    std::vector<HeldCookie> heldBy(const BalancerProxy::Asked& asked) const;
    bool placesConnections() const { return m_settings.balancer.perConnection; }
    CacheInFront* cacheInFront() { return m_settings.cache.get(); } ///< null: there is none
    Instant now() const;
    Instant instant(Clock::time_point moment) const { return Instant(moment - beginning); }
    WallSeconds wall() const;
    std::string newRequestId();
    /// What came in by this door has ended. Of balancers in a row one record is told.
    void record(ProxyRecord record, ProxyDoor door);
    void reload(const BalancerSpec& balancer, std::size_t place);
    void restart(std::size_t place);

    /// Keeps what has ended until nobody is in the middle of its functions.
    void bury(std::unique_ptr<wire::Stream::Owner> ended);
    void remove(ProxyClient& client);
    void tunnel(std::unique_ptr<Tunnel> tunnel);
    void remove(Tunnel& tunnel);
    /// Those of our balancers to one another do not count.
    std::size_t clientConnections() const
    {
        return m_clients.size() + m_tunnels.size() - m_innerConnections;
    }
    std::size_t replicaConnections() const;
    /// Closes one that is idle; false: there is none.
    bool dropIdleLink() const;

    std::optional<QSslConfiguration> tls;
    BalancerProxy::Whose whose; ///< may be null
    std::function<void(const ProxyRecord&)> log;
    BalancerProxy::Noticed noticed;
    BalancerProxy::SocketEnded socketEnded; ///< may be null
    Clock::time_point beginning = Clock::now();
    std::string networkName; ///< a name that it serves beside its addresses and its machine's

private:
    int drawn(const ProxyTier& tier, const NumberedRequest& request) const;
    std::uint8_t entryOf(const http::RequestHead& head) const;
    std::string openInnerDoors();
    void leadToDoor(std::uint8_t place, std::uint16_t port);
    std::unique_ptr<Listener> listener(ProxyDoor door);
    std::string listensNow(std::unique_ptr<Listener> listener, ProxyDoor door);
    void accept(qintptr descriptor, ProxyDoor door);
    void tick();
    void giveBackMemory();

    ProxySettings m_settings;
    std::vector<std::unique_ptr<ProxyTier>> m_tiers; ///< the first is in front
    std::uint32_t m_replicas = 0; ///< that have ever been there
    InnerRecords m_inner;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    std::vector<std::unique_ptr<Listener>> m_networkListeners;
    std::vector<std::unique_ptr<Listener>> m_innerListeners;
    std::vector<std::unique_ptr<ProxyClient>> m_clients;
    std::vector<std::unique_ptr<Tunnel>> m_tunnels;
    std::size_t m_innerConnections = 0; ///< of both, those that are no client's
    std::vector<std::unique_ptr<wire::Stream::Owner>> m_buried;
    std::size_t m_mostAtOnce = 0; ///< clients and tunnels, since memory was given back
    bool m_crowded = false; ///< some of a crowd's memory may still be here
    QTimer m_tick; ///< looks for deadlines that have passed
    std::string m_idPrefix;
    std::uint64_t m_ids = 0;
    std::uint32_t m_connections = 0; ///< from clients, so far
    std::uint16_t m_port = 0; ///< of the first door
    bool m_secure = false; ///< likewise
    bool m_stopped = false;
};

} // namespace stickyscope::lab
