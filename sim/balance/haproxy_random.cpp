// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/haproxy_ring.h"

namespace stickyscope {

namespace {

// HAProxy 2.6, src/backend.c, get_server_rnd(): so many random points on the ring; the last
// server drawn takes the request unless an earlier one has fewer for its weight: of equals, the
// last. Shares follow the ring, so they are near the weights, not at them.
class HaproxyRandom final : public CloneablePolicy<HaproxyRandom>
{
public:
    HaproxyRandom(const ReplicaSet& replicas, std::int64_t draws)
        : m_ring(replicas, 0)
        , m_inFlight(replicas)
        , m_draws(draws)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_ring.empty())
            return std::nullopt;
        ReplicaIndex best = draw(pick);
        for (std::int64_t number = 1; number < m_draws; ++number) {
            const ReplicaIndex drawn = draw(pick);
            if (m_inFlight[drawn] * m_ring.weight(best) <= m_inFlight[best] * m_ring.weight(drawn))
                best = drawn;
        }
        return best;
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_inFlight.assigned(replica); }
    void released(const Ended& ended) override { m_inFlight.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_ring.update(replicas);
        m_inFlight.grow(replicas);
    }

private:
    ReplicaIndex draw(const Pick& pick) const
    {
        return m_ring.at(static_cast<std::uint32_t>(pick.draw() >> 32U), pick.avoid, m_inFlight);
    }

    HaproxyRing m_ring;
    InFlight m_inFlight;
    std::int64_t m_draws;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeHaproxyRandom(const ReplicaSet& replicas, const Chance&,
                                                   const Settings& settings)
{
    return std::make_unique<HaproxyRandom>(replicas, settings.whole("draws", 2));
}

} // namespace stickyscope
