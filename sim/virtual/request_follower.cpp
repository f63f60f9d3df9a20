// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/request_follower.h"

namespace stickyscope {

namespace {

bool isOf(const Observation& one, RequestOf request)
{
    return one.client == request.client && one.ordinal == request.ordinal;
}

bool isPassedOn(const Observation& one)
{
    return one.kind == ObservationKind::placed && one.replica == noReplica;
}

// Not what is passed on to a further balancer: the reason at the end is that of all.
bool isOfRequest(const Observation& one)
{
    return (one.kind == ObservationKind::placed && !isPassedOn(one))
        || one.kind == ObservationKind::answered || one.kind == ObservationKind::failed;
}

bool namesBalancer(const Observation& one)
{
    return (one.kind == ObservationKind::sent || isPassedOn(one)) && one.status > 0;
}

} // namespace

void RequestFollower::observe(std::span<const Observation> observations)
{
    for (const Observation& one : observations) {
        const bool follows = !m_seen.empty() && !ended() && isOf(one, m_wanted);
        const bool first = begins(one);
        if (first || (follows && isOfRequest(one)))
            m_seen.push_back(one);
        if ((first || follows) && namesBalancer(one))
            m_cameTo.push_back(one.status - std::size_t {1});
        if (follows && isPassedOn(one))
            m_passedOn.push_back(one);
    }
}

void RequestFollower::look(const VirtualWorld& world)
{
    readHead(world);
    // Placed: from now on its servers are no longer as it found them.
    if (m_seen.size() > 1)
        return found(world);
    m_servers.resize(world.places());
    for (std::size_t place = 0; place < world.places(); ++place) {
        const ReplicaSet& servers = world.balancer(place).dispatcher().replicas();
        if (m_servers[place].version() != servers.version())
            m_servers[place] = servers;
    }
}

void RequestFollower::readHead(const VirtualWorld& world)
{
    if (m_seen.empty() || m_head)
        return;
    const Observation& sent = m_seen.front();
    m_head = world.headOf({sent.client, sent.ordinal}, sent.cookie);
}

void RequestFollower::found(const VirtualWorld& world)
{
    readHead(world);
    for (std::size_t place = m_faults.size(); place < world.places(); ++place)
        m_faults.push_back(world.whoFails(place, {m_seen.front().client, m_seen.front().ordinal}));
}

bool RequestFollower::ended() const
{
    return !m_seen.empty()
        && (m_seen.back().kind == ObservationKind::answered
            || m_seen.back().kind == ObservationKind::failed);
}

bool RequestFollower::begins(const Observation& one)
{
    if (one.kind != ObservationKind::sent || !m_seen.empty())
        return false;
    const bool numbered = m_left > 0 && --m_left == 0;
    if (numbered)
        m_wanted = {one.client, one.ordinal};
    return numbered || isOf(one, m_wanted);
}

} // namespace stickyscope
