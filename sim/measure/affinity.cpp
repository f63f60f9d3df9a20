// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/affinity.h"

#include <algorithm>

namespace stickyscope {

Affinity::Client& Affinity::client(ClientIndex index)
{
    if (raw(index) >= m_clients.size())
        m_clients.resize(raw(index) + 1);
    return m_clients[raw(index)];
}

void Affinity::answered(const Observation& observation)
{
    Client& client = this->client(observation.client);
    ++client.requests;
    if (isServerError(observation.status))
        ++client.errors;
    const SessionMark mark = observation.session;
    const bool begins = mark == SessionMark::begins || mark == SessionMark::broken;
    if (observation.replica == noReplica) {
        // Left out of follow-ups: nobody knows whether it stayed.
        ++m_unidentified;
        if (begins)
            ++m_begun;
        return;
    }
    count(observation.client, observation.replica);
    if (mark == SessionMark::none)
        return;
    if (begins)
        ++m_begun;
    const bool followUp = mark != SessionMark::begins && client.last != noReplica;
    if (followUp) {
        if (mark == SessionMark::broken) {
            ++m_broken;
            ++client.broken;
        }
        ++m_followUps;
        ++client.followUps;
        if (client.last != observation.replica) {
            ++m_switches;
            ++client.switches;
        }
    }
    client.last = observation.replica;
}

void Affinity::failed(const Observation& observation)
{
    Client& client = this->client(observation.client);
    ++client.requests;
    ++client.failed;
}

void Affinity::sessionLost(const Observation& observation)
{
    ++m_lost;
    ++client(observation.client).lost;
    if (observation.ledger == Ledger::down)
        ++m_lostByStop;
}

void Affinity::count(ClientIndex client, ReplicaIndex replica)
{
    if (raw(replica) >= m_stride) {
        const std::size_t stride = std::max<std::size_t>(4, std::size_t {raw(replica)} + 1);
        std::vector<std::uint32_t> wider(m_clients.size() * stride);
        for (std::size_t place = 0; place < m_perReplica.size(); ++place)
            wider[place / m_stride * stride + place % m_stride] = m_perReplica[place];
        m_perReplica = std::move(wider);
        m_stride = stride;
    }
    if (m_perReplica.size() < m_clients.size() * m_stride)
        m_perReplica.resize(m_clients.size() * m_stride);
    ++m_perReplica[raw(client) * m_stride + raw(replica)];
}

std::vector<Count> Affinity::perReplica(ClientIndex client, std::size_t replicas) const
{
    std::vector<Count> counts(replicas);
    for (std::size_t replica = 0; replica < std::min(replicas, m_stride); ++replica) {
        const std::size_t place = raw(client) * m_stride + replica;
        counts[replica] = place < m_perReplica.size() ? m_perReplica[place] : 0;
    }
    return counts;
}

void Affinity::writeTo(LaneResult& result) const
{
    const auto share = [this](Count part) {
        return 1 - static_cast<double>(part) / static_cast<double>(m_followUps);
    };
    result.followUps = m_followUps;
    result.switches = m_switches;
    result.unidentified = m_unidentified;
    result.sessionsBegun = m_begun;
    if (m_followUps > 0)
        result.stickiness = share(m_switches);
    if (!result.broken)
        return;
    result.broken = m_broken;
    result.sessionsLost = m_lost;
    result.sessionsLostByStop = m_lostByStop;
    if (m_followUps > 0)
        result.met = share(m_broken);
}

} // namespace stickyscope
