// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <deque>
#include <optional>
#include <vector>

namespace stickyscope {

/// Counts the requests that each server has, and keeps those that wait for one to have fewer: some
/// for a certain server, some for any. Whoever has waited longest comes first, whichever of both
/// (HAProxy 2.6, src/queue.c; measured). Where connections are limited (Envoy), those that are idle
/// count as well, but a server that has none may always have one (conn_pool_base.cc; measured).
class ServerLimits
{
public:
    /// Names a waiting request: whoever places it chooses the number.
    using Ticket = std::uint32_t;

    struct Waiting
    {
        Ticket ticket = 0;
        ReplicaIndex replica = noReplica; ///< noReplica: any
        Bound bound = Bound::no;
    };

    ServerLimits(const ServerLimit& rule, std::size_t replicas)
        : m_rule(rule)
        , m_servers(replicas)
    {
    }

    const ServerLimit& rule() const { return m_rule; }
    bool isThere() const
    {
        return m_rule.most || m_rule.connections > 0 || m_rule.mostRequests > 0;
    }
    void add() { m_servers.emplace_back(); }

    void assigned(ReplicaIndex replica);
    /// `broke`: and its connection is gone.
    void released(ReplicaIndex replica, bool broke);
    /// Whether all servers together have as many requests as may be.
    bool tooMany() const { return m_rule.mostRequests > 0 && m_busy >= m_rule.mostRequests; }
    /// Whether one more would have to wait, or to go elsewhere.
    bool full(ReplicaIndex replica) const
    {
        return m_servers[raw(replica)].waiting > 0 || !hasRoom(replica);
    }
    bool queueFull(ReplicaIndex replica) const
    {
        const bool all = m_rule.longestQueues > 0
            && m_queue.size() >= static_cast<std::size_t>(m_rule.longestQueues);
        return all
            || (m_rule.longestQueue > 0 && m_servers[raw(replica)].waiting >= m_rule.longestQueue);
    }

    /// Whether one more needs a connection that is not there yet, for which it would wait for a
    /// moment, where nobody may wait any more.
    bool connectsInVain(ReplicaIndex replica) const
    {
        const Server& server = m_servers[raw(replica)];
        return m_rule.connections > 0 && server.busy == server.connections && queueFull(replica);
    }

    void wait(const Waiting& request);
    /// It does not wait any more; absent where it did not.
    std::optional<Waiting> leave(Ticket ticket);
    bool anybodyWaits() const { return !m_queue.empty(); }
    bool anybodyWaitsForAny() const;
    /// Whoever may go to this server now; `any`: also one that waits for any.
    std::optional<Waiting> next(ReplicaIndex replica, bool any);
    /// One that waits for a server which is down.
    std::optional<Waiting> leftBehind(const ReplicaSet& replicas);
    /// All of them, the longest first.
    std::vector<Ticket> waiting() const;

private:
    struct Server
    {
        int busy = 0;
        int connections = 0; ///< with a request or idle
        int waiting = 0; ///< for this one alone
    };

    bool hasRoom(ReplicaIndex replica) const;
    Waiting take(const std::deque<Waiting>::iterator& place);

    ServerLimit m_rule;
    std::vector<Server> m_servers;
    std::deque<Waiting> m_queue; ///< in the order of their coming
    int m_busy = 0; ///< of all servers
    int m_connections = 0; ///< likewise
};

} // namespace stickyscope
