// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"
#include "sim/model/result.h"

#include <vector>

namespace stickyscope {

/// Did follow-ups stay with the replica that answered before, and did they meet their session?
/// A follow-up is an answered request of a session after its first answered one; it stayed if the
/// same replica answered, else it switched. Counted in all and for each client.
class Affinity
{
public:
    struct Client
    {
        Count requests = 0; ///< ended, answered or not
        Count failed = 0; ///< of these
        Count errors = 0; ///< of those answered
        Count followUps = 0;
        Count switches = 0;
        Count broken = 0;
        Count lost = 0;
        ReplicaIndex last = noReplica; ///< that answered in this session
    };

    void answered(const Observation& observation);
    void failed(const Observation& observation);
    void sessionLost(const Observation& observation);

    const std::vector<Client>& clients() const { return m_clients; }
    /// Answered requests of one client, by ReplicaIndex.
    std::vector<Count> perReplica(ClientIndex client, std::size_t replicas) const;
    void writeTo(LaneResult& result) const;

private:
    Client& client(ClientIndex index);
    void count(ClientIndex client, ReplicaIndex replica);

    std::vector<Client> m_clients;
    std::vector<std::uint32_t> m_perReplica; ///< clients x m_stride
    std::size_t m_stride = 0;
    Count m_begun = 0;
    Count m_followUps = 0;
    Count m_switches = 0;
    Count m_broken = 0;
    Count m_lost = 0;
    Count m_lostByStop = 0;
    Count m_unidentified = 0;
};

} // namespace stickyscope
