// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_link.h"

#include <QHostAddress>

#include <deque>
#include <memory>
#include <vector>

namespace stickyscope::lab {

class ProxyCore;

/// The connections to one replica: kept open for the requests to come, limited in number, with a
/// queue of the requests that wait for one.
class ReplicaPool
{
public:
    using Clock = ReplicaLink::Clock;

    enum class Got : std::uint8_t
    {
        open, ///< a connection that is there
        connecting, ///< linkConnected() or linkRefused() follows
        queued, ///< linkGiven() follows, which may still connect
        full, ///< the queue is
        refused,
        outOfFiles ///< no more may be open here
    };

    /// A null host stands for a name that leads nowhere.
    ReplicaPool(ProxyCore& core, const QHostAddress& host, std::uint16_t port);
    ReplicaPool(const ReplicaPool&) = delete;
    ReplicaPool& operator=(const ReplicaPool&) = delete;
    ~ReplicaPool() = default;

    /// `fresh`: one that has never been used.
    Got lend(ReplicaLink::User& user, ReplicaLink*& link, bool fresh);
    void leaveQueue(const ReplicaLink::User& user) { std::erase(m_queue, &user); }
    void giveBack(ReplicaLink& link, bool reusable);
    void discard(ReplicaLink& link); ///< an idle one, or one whose user has let go
    void refuse(ReplicaLink& link); ///< it cannot connect: its user learns so
    void tick(Clock::time_point now);
    /// Closes its connection that has been idle for longest; false: none is idle.
    bool dropIdle();
    void clearQueue() { m_queue.clear(); }
    void closeAll();

    /// Where its connections lead from now on.
    void leadTo(const QHostAddress& host, std::uint16_t port)
    {
        m_host = host;
        m_port = port;
    }
    const QHostAddress& host() const { return m_host; }
    std::uint16_t port() const { return m_port; }
    std::size_t connections() const { return m_links.size(); }

private:
    std::unique_ptr<wire::PlainStream> open();
    ReplicaLink* connect(ReplicaLink::User& user);
    void remove(ReplicaLink& link);
    void serveQueue();

    ProxyCore& m_core;
    QHostAddress m_host;
    std::uint16_t m_port;
    std::vector<std::unique_ptr<ReplicaLink>> m_links;
    std::vector<ReplicaLink*> m_idle; ///< the latest used last
    std::deque<ReplicaLink::User*> m_queue;
    bool m_outOfFiles = false; ///< why the last connect() gave none
};

} // namespace stickyscope::lab
