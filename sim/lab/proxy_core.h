// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/health.h"
#include "sim/lab/balancer_proxy.h"
#include "sim/lab/listener.h"
#include "sim/lab/proxy_door.h"
#include "sim/lab/replica_pool.h"

#include <QSslConfiguration>
#include <QTimer>

#include <deque>
#include <optional>
#include <unordered_map>

namespace stickyscope::lab {

class ActiveChecks;
class ProxyClient;
class Tunnel;

/// What all of a balancer's connections share: the dispatcher, the replicas' connections, clocks,
/// and the records' way out. It owns clients' connections and tunnels.
class ProxyCore
{
public:
    using Clock = std::chrono::steady_clock;

    ProxyCore(const ProxySettings& settings, const std::vector<Backend>& backends);
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
    Dispatcher& dispatcher() { return m_dispatcher; }
    ReplicaPool& pool(ReplicaIndex replica) { return m_pools[raw(replica)]; }
    Instant now() const;
    WallSeconds wall() const;
    Draw draw(std::uint32_t ordinal, int attempt) const
    {
        return {m_settings.seed, 0, ordinal, static_cast<std::uint32_t>(attempt),
                Purpose::balancerChoice};
    }
    std::uint32_t nextOrdinal() { return m_ordinal++; }
    /// The client's request waits; its calledIn() may follow.
    void waits(std::uint32_t ordinal, ProxyClient& client) { m_waiting[ordinal] = &client; }
    ReplicaIndex waitsNoMore(std::uint32_t ordinal);
    /// Whoever waits for this replica, or may not wait for another any more, goes on.
    void callIn(ReplicaIndex replica);
    std::string newRequestId();
    void record(const ProxyRecord& record) const
    {
        if (log)
            log(record);
    }
    /// Where the dispatcher has changed its mind about a replica.
    void tellWhetherNoticed(ReplicaIndex replica, bool wasUp) const;
    /// Takes back those whose time out is over; true where there were some.
    bool takeBack(const Recall& recall);

    /// An active check's result.
    void checked(ReplicaIndex replica, bool good);
    void setDraining(ReplicaIndex replica, bool draining);
    void setWeight(ReplicaIndex replica, int weight);
    void setMaintenance(ReplicaIndex replica, bool out);
    void forget(ReplicaIndex replica);
    ReplicaIndex add(const Backend& backend);
    void reload(const BalancerSpec& balancer);
    void restart();
    /// Changes whenever what was counted before does not count any more.
    std::uint32_t epoch() const { return m_epoch; }

    /// Keeps what has ended until nobody is in the middle of its functions.
    void bury(std::unique_ptr<wire::Stream::Owner> ended);
    void remove(ProxyClient& client);
    void tunnel(std::unique_ptr<Tunnel> tunnel);
    void remove(Tunnel& tunnel);
    std::size_t clientConnections() const { return m_clients.size() + m_tunnels.size(); }
    std::size_t replicaConnections() const;
    /// Closes one that is idle; false: there is none.
    bool dropIdleLink();

    std::optional<QSslConfiguration> tls;
    std::function<void(const ProxyRecord&)> log;
    std::function<void(ReplicaIndex, bool)> noticed;
    Clock::time_point beginning = Clock::now();
    std::string networkName; ///< a name that it serves beside its addresses and its machine's

private:
    void know(const Backend& backend);
    void beginChecks();
    void beginAnew(const BalancerSpec& balancer);
    Chance luckAnew();
    void setPatience();
    std::unique_ptr<Listener> listener(ProxyDoor door);
    void listensNow(std::unique_ptr<Listener> listener, ProxyDoor door);
    void accept(qintptr descriptor, ProxyDoor door);
    void tick();
    void giveBackMemory();

    ProxySettings m_settings;
    Dispatcher m_dispatcher;
    std::optional<Health> m_health;
    std::vector<std::string> m_hosts; ///< by replica, for the checks' Host field
    std::uint32_t m_epoch = 0;
    std::uint32_t m_reloads = 0; ///< and restarts
    std::deque<ReplicaPool> m_pools; ///< by replica
    std::vector<bool> m_goodByChecks;
    std::vector<bool> m_maintenance;
    std::unique_ptr<ActiveChecks> m_checks;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    std::vector<std::unique_ptr<Listener>> m_networkListeners;
    std::vector<std::unique_ptr<ProxyClient>> m_clients;
    std::vector<std::unique_ptr<Tunnel>> m_tunnels;
    std::vector<std::unique_ptr<wire::Stream::Owner>> m_buried;
    std::size_t m_mostAtOnce = 0; ///< clients and tunnels, since memory was given back
    bool m_crowded = false; ///< some of a crowd's memory may still be here
    QTimer m_tick; ///< looks for deadlines that have passed
    std::unordered_map<std::uint32_t, ProxyClient*> m_waiting; ///< by the request's ordinal
    std::string m_idPrefix;
    std::uint64_t m_ids = 0;
    std::uint32_t m_ordinal = 0;
    std::uint16_t m_port = 0; ///< of the first door
    bool m_secure = false; ///< likewise
    bool m_stopped = false;
};

} // namespace stickyscope::lab
