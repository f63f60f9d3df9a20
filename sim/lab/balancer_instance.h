// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_proxy.h"
#include "sim/lab/replica_pool.h"

#include <deque>
#include <optional>
#include <unordered_map>

namespace stickyscope::lab {

class ActiveChecks;
class ProxyClient;
class ProxyCore;
class ProxyTier;

/// One balancer of those side by side behind one address: its dispatcher, what it has noticed and
/// counted, and its connections to its servers, which it numbers itself. It shares nothing with the
/// others but the doors, and, where they tell each other, what they remember of sessions.
class BalancerInstance
{
public:
    using Clock = std::chrono::steady_clock;

    /// `number`: among those side by side, from 0.
    BalancerInstance(const ProxyTier& tier, int number, const ProxySettings& settings,
                     const std::vector<Backend>& servers, ProxyCore& core);
    BalancerInstance(const BalancerInstance&) = delete;
    BalancerInstance& operator=(const BalancerInstance&) = delete;
    ~BalancerInstance();

    const ProxyTier& tier() const { return m_tier; }
    int number() const; ///< among all balancers, from 0
    const ProxyLimits& limits() const;
    ReplicaIndex replicaOf(ReplicaIndex server) const;
    bool hasServers() const; ///< one that is up, at least
    Dispatcher& dispatcher() { return m_dispatcher; }
    const Dispatcher& dispatcher() const { return m_dispatcher; }
    ReplicaPool& pool(ReplicaIndex replica) { return m_pools[raw(replica)]; }
    Draw draw(std::uint32_t ordinal, int attempt) const
    {
        return {m_seed, 0, ordinal, static_cast<std::uint32_t>(attempt), Purpose::balancerChoice};
    }
    std::uint32_t nextOrdinal() { return m_ordinal++; }
    /// Changes whenever what was counted before does not count any more.
    std::uint32_t epoch() const { return m_epoch; }

    /// The client's request waits; its calledIn() may follow.
    void waits(std::uint32_t ordinal, ProxyClient& client) { m_waiting[ordinal] = &client; }
    ReplicaIndex waitsNoMore(std::uint32_t ordinal);
    /// Whoever waits for this replica, or may not wait for another any more, goes on.
    void callIn(ReplicaIndex replica);
    /// Where the dispatcher has changed its mind about a replica, and why, as far as that is known.
    void tellWhetherNoticed(ReplicaIndex replica, bool wasUp, const std::string& why = {});
    /// Takes back those whose time out is over; true where there were some.
    bool takeBack(const Recall& recall);
    /// See Dispatcher.
    void abandoned(ReplicaIndex replica);

    void setDraining(ReplicaIndex replica, bool draining);
    void setWeight(ReplicaIndex replica, int weight);
    void setMaintenance(ReplicaIndex replica, bool out);
    void forget(ReplicaIndex replica);
    ReplicaIndex add(const Backend& backend);
    /// See BalancerProxy; its tier has what stands in the configuration.
    void reload();
    /// Its connections to replicas break; those to clients are the core's.
    void restart();

    /// Active checks begin, where it makes them.
    void check();
    void tick(Clock::time_point now);
    std::size_t connections() const; ///< to replicas, idle ones too
    /// Closes one that is idle; false: there is none.
    bool dropIdleLink();
    void stopChecking();
    void clearQueues();
    void closeAll();

private:
    void know(const Backend& backend);
    void checked(ReplicaIndex replica, const std::string& why);
    BalancerSpec spec() const;
    void beginChecks();
    void beginAnew();
    Chance luckAnew();

    ProxyCore& m_core;
    const ProxyTier& m_tier;
    int m_number; ///< among those side by side
    std::uint64_t m_seed;
    ActiveCheck m_check; ///< how each is made
    Dispatcher m_dispatcher;
    std::vector<std::string> m_hosts; ///< by replica, for the checks' Host field
    std::uint32_t m_epoch = 0;
    std::uint32_t m_reloads = 0; ///< and restarts
    std::deque<ReplicaPool> m_pools; ///< by replica
    std::unique_ptr<ActiveChecks> m_checks;
    bool m_checking = false;
    std::unordered_map<std::uint32_t, ProxyClient*> m_waiting; ///< by the request's ordinal
    std::uint32_t m_ordinal = 0;
};

} // namespace stickyscope::lab
