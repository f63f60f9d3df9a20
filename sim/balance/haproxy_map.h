// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/balance/usable_weights.h"

#include <numeric>
#include <vector>

namespace stickyscope {

/// HAProxy's map of servers (src/lb_map.c): as many places as the weights of those that are up,
/// divided by the greatest common divisor of all weights. Whoever is first in the configuration
/// comes first. A server that is full keeps its places. Built anew, when it is next asked, after
/// each change.
class HaproxyMap
{
public:
    explicit HaproxyMap(const ReplicaSet& replicas) { update(replicas); }

    void update(const ReplicaSet& replicas)
    {
        if (!m_weights.update(replicas, &ReplicaView::isThere))
            return;
        m_divisor = 0;
        for (const ReplicaView& replica : replicas)
            m_divisor = std::gcd(m_divisor, replica.weight);
        m_outdated = true;
    }

    /// The servers by place; empty where none takes requests.
    const std::vector<ReplicaIndex>& places()
    {
        if (m_outdated)
            build();
        m_outdated = false;
        return m_places;
    }

    /// Which place a hash falls on. One server left is not hashed for.
    ReplicaIndex at(std::uint32_t hash, ReplicaIndex avoid)
    {
        const auto& servers = places();
        const std::size_t aimed = hash % servers.size();
        for (std::size_t step = 0; step < servers.size(); ++step) {
            const ReplicaIndex server = servers[(aimed + step) % servers.size()];
            if (server != avoid)
                return server;
        }
        return avoid;
    }

private:
    void build()
    {
        m_places.clear();
        const auto total = static_cast<std::int64_t>(m_weights.total()) / std::max(m_divisor, 1);
        std::vector<std::int64_t> scores(m_weights.size(), 0);
        for (std::int64_t place = 0; place < total; ++place) {
            std::int64_t most = -1;
            std::size_t best = 0;
            for (std::size_t server = 0; server < scores.size(); ++server) {
                if (m_weights[server] == 0)
                    continue;
                scores[server] += m_weights[server] / m_divisor;
                // Whole numbers from 0 to 2: the first of those in the same class wins.
                if (const std::int64_t urgency = (scores[server] + total) / total; urgency > most) {
                    most = urgency;
                    best = server;
                }
            }
            m_places.push_back(static_cast<ReplicaIndex>(best));
            scores[best] -= total;
        }
    }

    UsableWeights m_weights;
    std::vector<ReplicaIndex> m_places;
    int m_divisor = 0;
    bool m_outdated = true;
};

} // namespace stickyscope
