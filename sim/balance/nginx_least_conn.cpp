// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/smooth_weights.h"

namespace stickyscope {

namespace {

// nginx: ngx_http_upstream_least_conn_module.c. The fewest connections for its weight, compared
// without division; smooth weighted round robin among equals, from the first of them on. Bound
// requests count as connections, and leave the weights alone.
class NginxLeastConn final : public CloneablePolicy<NginxLeastConn>
{
public:
    NginxLeastConn(const ReplicaSet& replicas, std::int64_t maxFails)
        : m_weights(replicas)
        , m_connections(replicas)
        , m_maxFails(maxFails)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        if (left == 0)
            return std::nullopt;
        const auto usable = [&](ReplicaIndex replica) {
            return eligible(pick, replica, left == 1);
        };
        ReplicaIndex best = noReplica;
        bool several = false;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!usable(index))
                continue;
            const std::int64_t more = best == noReplica ? -1 : compare(index, best);
            if (more < 0) {
                best = index;
                several = false;
            } else if (more == 0) {
                several = true;
            }
        }
        if (!several)
            return best;
        const ReplicaIndex least = best;
        return m_weights.round(
            [&](ReplicaIndex replica) { return usable(replica) && compare(replica, least) == 0; });
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override
    {
        m_connections.assigned(replica);
    }
    void released(const Ended& ended) override
    {
        m_connections.released(ended.replica);
        if (ended.failed() && m_maxFails > 0)
            m_weights.failed(ended.replica, m_maxFails);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_weights.update(replicas);
        m_connections.grow(replicas);
    }

private:
    // Below, at or above zero as one has fewer connections for its weight than the other.
    std::int64_t compare(ReplicaIndex one, ReplicaIndex other) const
    {
        return m_connections[one] * m_weights.weight(other)
            - m_connections[other] * m_weights.weight(one);
    }

    SmoothWeights m_weights;
    InFlight m_connections;
    std::int64_t m_maxFails;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeNginxLeastConn(const ReplicaSet& replicas, const Chance&,
                                                    const Settings& settings)
{
    return std::make_unique<NginxLeastConn>(replicas, settings.whole("max-fails", 1));
}

} // namespace stickyscope
