// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/nginx_fallback.h"

namespace stickyscope {

namespace {

// nginx: ngx_http_upstream_random_module.c. One is drawn by weight; with `two` another one as
// well, and the one with fewer connections for its weight takes the request, at a tie the
// second. So among idle servers a heavy one gets less than its weight says: with 5/1/1 some 24 %.
class NginxRandom final : public CloneablePolicy<NginxRandom>
{
public:
    NginxRandom(const ReplicaSet& replicas, bool two)
        : m_servers(replicas)
        , m_connections(replicas)
        , m_two(two)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (pick.replicas.takingFresh() == 0)
            return std::nullopt;
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        ReplicaIndex first = noReplica;
        for (int misses = 0; misses <= NginxFallback::forgiven;) {
            const ReplicaIndex drawn = m_servers.drawn(pick.draw);
            if (drawn == first || !eligible(pick, drawn, onlyOne)) {
                ++misses;
                continue;
            }
            if (!m_two)
                return drawn;
            if (first != noReplica)
                return busier(drawn, first) ? first : drawn;
            first = drawn;
        }
        return m_servers.roundRobin(pick);
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override
    {
        m_connections.assigned(replica);
    }
    void released(const Ended& ended) override { m_connections.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_servers.update(replicas);
        m_connections.grow(replicas);
    }

private:
    bool busier(ReplicaIndex one, ReplicaIndex other) const
    {
        return m_connections[one] * m_servers.weight(other)
            > m_connections[other] * m_servers.weight(one);
    }

    NginxFallback m_servers;
    InFlight m_connections;
    bool m_two;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeNginxRandom(const ReplicaSet& replicas, const Chance&,
                                                 const Settings&)
{
    return std::make_unique<NginxRandom>(replicas, false);
}

std::unique_ptr<BalancingPolicy> makeNginxRandomTwo(const ReplicaSet& replicas, const Chance&,
                                                    const Settings&)
{
    return std::make_unique<NginxRandom>(replicas, true);
}

} // namespace stickyscope
