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
/// (HAProxy 2.6, src/queue.c; measured).
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
    bool isThere() const { return m_rule.most.has_value(); }
    void add() { m_servers.emplace_back(); }

    void assigned(ReplicaIndex replica) { ++m_servers[raw(replica)].busy; }
    void released(ReplicaIndex replica) { --m_servers[raw(replica)].busy; }
    /// Whether one more would have to wait, or to go elsewhere.
    bool full(ReplicaIndex replica) const
    {
        return m_servers[raw(replica)].waiting > 0 || !hasRoom(replica);
    }
    bool queueFull(ReplicaIndex replica) const
    {
        return m_rule.longestQueue > 0 && m_servers[raw(replica)].waiting >= m_rule.longestQueue;
    }

    void wait(const Waiting& request);
    /// It does not wait any more: for which it did, if for a certain one.
    ReplicaIndex leave(Ticket ticket);
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
        int waiting = 0; ///< for this one alone
    };

    bool hasRoom(ReplicaIndex replica) const
    {
        return m_servers[raw(replica)].busy < m_rule.most.value_or(0);
    }
    Waiting take(const std::deque<Waiting>::iterator& place);

    ServerLimit m_rule;
    std::vector<Server> m_servers;
    std::deque<Waiting> m_queue; ///< in the order of their coming
};

} // namespace stickyscope
