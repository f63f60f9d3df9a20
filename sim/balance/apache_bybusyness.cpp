// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/smooth_weights.h"

namespace stickyscope {

namespace {

// Apache 2.4, mod_lbmethod_bybusyness.c: the fewest requests in flight, whatever the weights;
// among equals the one to which byrequests owes most. All gain in each round, not only equals.
// Bound requests take part as in byrequests (mod_proxy_balancer.c, find_session_route).
class ApacheByBusyness final : public CloneablePolicy<ApacheByBusyness>
{
public:
    explicit ApacheByBusyness(const ReplicaSet& replicas)
        : m_weights(replicas)
        , m_busy(replicas)
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        ReplicaIndex best = noReplica;
        std::int64_t gained = 0;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!eligible(pick, index, left == 1))
                continue;
            gained += m_weights.gain(index);
            if (best == noReplica || m_busy[index] < m_busy[best]
                || (m_busy[index] == m_busy[best] && m_weights.goesBefore(index, best)))
                best = index;
        }
        if (best == noReplica)
            return std::nullopt;
        m_weights.pay(best, gained);
        return best;
    }

    void assigned(ReplicaIndex replica, Bound bound, Instant) override
    {
        m_busy.assigned(replica);
        if (bound == Bound::yes)
            m_weights.round([this](ReplicaIndex other) { return m_usable[raw(other)]; }, replica);
    }
    void released(const Ended& ended) override { m_busy.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_weights.update(replicas);
        m_busy.grow(replicas);
        m_usable.clear();
        for (const ReplicaView& replica : replicas)
            m_usable.push_back(replica.up && replica.weight > 0);
    }

private:
    SmoothWeights m_weights;
    InFlight m_busy;
    std::vector<bool> m_usable; ///< by replica; draining ones among them
};

} // namespace

std::unique_ptr<BalancingPolicy> makeApacheByBusyness(const ReplicaSet& replicas, const Chance&,
                                                      const Settings&)
{
    return std::make_unique<ApacheByBusyness>(replicas);
}

} // namespace stickyscope
