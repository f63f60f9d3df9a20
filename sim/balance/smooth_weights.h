// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stickyscope {

/// The heart of smooth weighted round robin: in each round every eligible replica gains its
/// weight, the one with the most is chosen (the first among equals), and pays what all gained.
/// nginx: ngx_http_upstream_round_robin.c; Apache: mod_lbmethod_byrequests.c, which has no
/// effective weights.
class SmoothWeights
{
public:
    explicit SmoothWeights(const ReplicaSet& replicas) { update(replicas); }

    void update(const ReplicaSet& replicas)
    {
        m_servers.resize(replicas.size());
        m_total = 0;
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            Server& server = m_servers[place];
            const std::int64_t weight = replicas[static_cast<ReplicaIndex>(place)].weight;
            server.effective =
                server.effective == server.weight ? weight : std::min(server.effective, weight);
            server.weight = weight;
            server.spare = replicas[static_cast<ReplicaIndex>(place)].spare;
            m_total += weight;
        }
    }

    /// A round among those that are eligible; noReplica where none is. Where somebody else has
    /// chosen, `given` pays.
    template <typename Eligible>
    ReplicaIndex round(Eligible eligible, ReplicaIndex given = noReplica)
    {
        ReplicaIndex best = noReplica;
        std::int64_t gained = 0;
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!eligible(index))
                continue;
            gained += gain(index);
            if (best == noReplica || goesBefore(index, best))
                best = index;
        }
        if (given != noReplica)
            best = given;
        if (best != noReplica)
            pay(best, gained);
        return best;
    }

    /// One replica's part of a round; what it gained.
    std::int64_t gain(ReplicaIndex replica)
    {
        Server& server = m_servers[raw(replica)];
        const std::int64_t gained = server.effective;
        server.current += gained;
        if (server.effective < server.weight)
            ++server.effective;
        return gained;
    }
    void pay(ReplicaIndex replica, std::int64_t gained)
    {
        m_servers[raw(replica)].current -= gained;
    }

    /// nginx: a failure takes weight / max_fails away, which comes back by one a round.
    void failed(ReplicaIndex replica, std::int64_t maxFails)
    {
        Server& server = m_servers[raw(replica)];
        server.effective = std::max<std::int64_t>(server.effective - server.weight / maxFails, 0);
    }

    void setCurrent(ReplicaIndex replica, std::int64_t current)
    {
        m_servers[raw(replica)].current = current;
    }
    /// Whether a failure still weighs on the replica.
    bool recovering(ReplicaIndex replica) const
    {
        return m_servers[raw(replica)].effective < m_servers[raw(replica)].weight;
    }

    /// Whether it is chosen rather than one that stands before it: spares are looked at last.
    bool goesBefore(ReplicaIndex replica, ReplicaIndex earlier) const
    {
        const Server& one = m_servers[raw(replica)];
        const Server& other = m_servers[raw(earlier)];
        return one.current != other.current ? one.current > other.current
                                            : other.spare && !one.spare;
    }
    bool isSpare(ReplicaIndex replica) const { return m_servers[raw(replica)].spare; }

    std::int64_t current(ReplicaIndex replica) const { return m_servers[raw(replica)].current; }
    std::int64_t weight(ReplicaIndex replica) const { return m_servers[raw(replica)].weight; }
    std::int64_t total() const { return m_total; } ///< of all weights, whoever is up

private:
    struct Server
    {
        std::int64_t current = 0;
        std::int64_t effective = 0;
        std::int64_t weight = 0;
        bool spare = false;
    };

    std::vector<Server> m_servers;
    std::int64_t m_total = 0;
};

} // namespace stickyscope
