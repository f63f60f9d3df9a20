// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/server_limits.h"

#include <algorithm>

namespace stickyscope {

void ServerLimits::assigned(ReplicaIndex replica)
{
    Server& server = m_servers[raw(replica)];
    ++m_busy;
    if (++server.busy <= server.connections)
        return;
    server.connections = server.busy;
    ++m_connections;
}

void ServerLimits::released(ReplicaIndex replica, bool broke)
{
    Server& server = m_servers[raw(replica)];
    --m_busy;
    --server.busy;
    if (!broke)
        return;
    --server.connections;
    --m_connections;
}

bool ServerLimits::hasRoom(ReplicaIndex replica) const
{
    const Server& server = m_servers[raw(replica)];
    if (m_rule.most && server.busy >= *m_rule.most)
        return false;
    return m_rule.connections == 0 || m_connections < m_rule.connections
        || server.busy < server.connections || server.connections == 0;
}

void ServerLimits::wait(const Waiting& request)
{
    m_queue.push_back(request);
    if (request.replica != noReplica)
        ++m_servers[raw(request.replica)].waiting;
}

std::optional<ServerLimits::Waiting> ServerLimits::leave(Ticket ticket)
{
    const auto found =
        std::find_if(m_queue.begin(), m_queue.end(),
                     [ticket](const Waiting& request) { return request.ticket == ticket; });
    return found == m_queue.end() ? std::nullopt : std::optional(take(found));
}

bool ServerLimits::anybodyWaitsForAny() const
{
    return std::any_of(m_queue.begin(), m_queue.end(),
                       [](const Waiting& request) { return request.replica == noReplica; });
}

std::optional<ServerLimits::Waiting> ServerLimits::next(ReplicaIndex replica, bool any)
{
    if (!hasRoom(replica))
        return std::nullopt;
    const auto found = std::find_if(m_queue.begin(), m_queue.end(), [&](const Waiting& request) {
        return request.replica == replica || (any && request.replica == noReplica);
    });
    return found == m_queue.end() ? std::nullopt : std::optional(take(found));
}

std::optional<ServerLimits::Waiting> ServerLimits::leftBehind(const ReplicaSet& replicas)
{
    const auto found = std::find_if(m_queue.begin(), m_queue.end(), [&](const Waiting& request) {
        return request.replica != noReplica && !replicas[request.replica].up;
    });
    return found == m_queue.end() ? std::nullopt : std::optional(take(found));
}

std::vector<ServerLimits::Ticket> ServerLimits::waiting() const
{
    std::vector<Ticket> tickets;
    for (const Waiting& request : m_queue)
        tickets.push_back(request.ticket);
    return tickets;
}

ServerLimits::Waiting ServerLimits::take(const std::deque<Waiting>::iterator& place)
{
    const Waiting taken = *place;
    m_queue.erase(place);
    if (taken.replica != noReplica)
        --m_servers[raw(taken.replica)].waiting;
    return taken;
}

} // namespace stickyscope
