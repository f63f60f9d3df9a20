// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_instance.h"
#include "sim/lab/listener.h"
#include "sim/lab/proxy_door.h"

#include <QSslConfiguration>
#include <QTimer>

#include <optional>

namespace stickyscope::lab {

class Tunnel;

/// What all of a balancer's connections share: the doors, the balancers side by side behind them,
/// clocks, and the records' way out. It owns clients' connections and tunnels.
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
    BalancerInstance& instance(std::size_t number) { return *m_instances[number]; }
    const BalancerInstance& instance(std::size_t number) const { return *m_instances[number]; }
    using Action = std::function<void(BalancerInstance&)>;
    void forEachInstance(const Action& act);
    /// Which of those side by side takes the request: as `chooses` says, or else all of a
    /// connection are one's, which was drawn when it came.
    BalancerInstance& instanceFor(const std::string& requestId, BalancerInstance& ofConnection);
    BalancerInstance& drawInstance();
    /// Those beside this one, where they share what they know of sessions.
    void tellBeside(const BalancerInstance& one, const Action& tell);
    CacheInFront* cacheInFront() { return m_settings.cache.get(); } ///< null: there is none
    Instant now() const;
    WallSeconds wall() const;
    std::string newRequestId();
    void record(const ProxyRecord& record) const
    {
        if (log)
            log(record);
    }
    void reload(const BalancerSpec& balancer);
    void restart();

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
    std::function<std::optional<int>(const std::string& requestId)> chooses; ///< may be null
    std::function<void(const ProxyRecord&)> log;
    std::function<void(ReplicaIndex, bool)> noticed;
    Clock::time_point beginning = Clock::now();
    std::string networkName; ///< a name that it serves beside its addresses and its machine's

private:
    void setPatience();
    std::unique_ptr<Listener> listener(ProxyDoor door);
    void listensNow(std::unique_ptr<Listener> listener, ProxyDoor door);
    void accept(qintptr descriptor, ProxyDoor door);
    void tick();
    void giveBackMemory();

    ProxySettings m_settings;
    std::vector<std::unique_ptr<BalancerInstance>> m_instances; ///< side by side; one at least
    std::vector<std::unique_ptr<Listener>> m_listeners;
    std::vector<std::unique_ptr<Listener>> m_networkListeners;
    std::vector<std::unique_ptr<ProxyClient>> m_clients;
    std::vector<std::unique_ptr<Tunnel>> m_tunnels;
    std::vector<std::unique_ptr<wire::Stream::Owner>> m_buried;
    std::size_t m_mostAtOnce = 0; ///< clients and tunnels, since memory was given back
    bool m_crowded = false; ///< some of a crowd's memory may still be here
    QTimer m_tick; ///< looks for deadlines that have passed
    std::string m_idPrefix;
    std::uint64_t m_ids = 0;
    std::uint32_t m_drawn = 0; ///< connections for which an instance was drawn
    std::uint16_t m_port = 0; ///< of the first door
    bool m_secure = false; ///< likewise
    bool m_stopped = false;
};

} // namespace stickyscope::lab
