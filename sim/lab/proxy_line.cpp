// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where connections are placed, not requests: a client's connection has one to a server for as long
// as both last.
#include "sim/dispatch/open_line.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/replica_pool.h"

#include <utility>

namespace stickyscope::lab {

bool ProxyClient::placesConnections() const
{
    return m_door.tier == 0 && m_core.placesConnections();
}

// False where there is none, or another kind of balancer is asked on it now.
bool ProxyClient::goesOnLine()
{
    if (!m_line)
        return false;
    if (m_lineTier != m_at->tier().place()) {
        dropLine();
        return false;
    }
    m_x.replica = m_lineServer;
    m_x.bound = Bound::yes;
    m_x.record.replica = m_at->replicaOf(m_lineServer);
    m_x.record.ledger = Ledger::connection;
    m_x.record.rule = &onOpenLine;
    ++m_x.record.attempts;
    hold(m_lineServer);
    m_link = std::exchange(m_line, nullptr);
    sendRequest();
    return true;
}

// The answer has come by this connection, which is good for the next request as well.
void ProxyClient::keepLine(ReplicaLink& link)
{
    link.user = this;
    link.reused = true;
    link.deadline = never;
    m_line = &link;
    m_lineServer = m_x.replica;
    m_lineTier = m_at->tier().place();
}

void ProxyClient::dropLine()
{
    if (ReplicaLink* link = std::exchange(m_line, nullptr)) {
        link->user = nullptr;
        link->pool().discard(*link);
    }
}

// The server has ended it, and with it ends the client's.
void ProxyClient::lineEnds()
{
    dropLine();
    if (m_state == State::reading && !m_in.hasBegun())
        close();
}

} // namespace stickyscope::lab
