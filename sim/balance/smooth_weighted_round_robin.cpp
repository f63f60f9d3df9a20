// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/smooth_order.h"
#include "sim/balance/smooth_weights.h"

#include <algorithm>

namespace stickyscope {

namespace {

// What a bound request does to the weights. nginx 1.31 (ngx_http_upstream_round_robin.c) lets it
// take part as if it had been chosen, but only one in a row: a replica that owes as much as all
// others weigh owes no more. Apache 2.4 (mod_proxy_balancer.c, find_session_route) has no such
// limit, and lets draining members and standbys gain as well (measured on 2.4.71).
enum class BoundRequests : std::uint8_t
{
    doNotCount,
    countOneInARow,
    count
};

class SmoothWeightedRoundRobin final : public CloneablePolicy<SmoothWeightedRoundRobin>
{
public:
    SmoothWeightedRoundRobin(const ReplicaSet& replicas, BoundRequests bound, std::int64_t maxFails)
        : m_weights(replicas)
        , m_bound(bound)
        , m_maxFails(maxFails)
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        if (left == 0)
            return std::nullopt;
        const bool avoids = left > 1 && pick.avoid != noReplica && m_usable[raw(pick.avoid)];
        if (!avoids && inOrder())
            return m_order.round();
        leaveOrder();
        return m_weights.round(
            [&](ReplicaIndex replica) { return eligible(pick, replica, left == 1); });
    }

    void assigned(ReplicaIndex replica, Bound bound, Instant) override
    {
        if (bound == Bound::no || m_bound == BoundRequests::doNotCount)
            return;
        const bool ordered = m_usable[raw(replica)] && !m_othersGain && inOrder();
        if (!ordered)
            leaveOrder();
        const std::int64_t owns = ordered ? m_order.current(replica) : m_weights.current(replica);
        if (m_bound == BoundRequests::countOneInARow
            && owns <= m_weights.weight(replica) - m_weights.total())
            return;
        if (ordered)
            m_order.round(replica);
        else
            m_weights.round([this](ReplicaIndex other) { return m_gaining[raw(other)]; }, replica);
    }

    void released(const Ended& ended) override
    {
        if (!ended.failed() || m_maxFails == 0)
            return;
        leaveOrder();
        m_weights.failed(ended.replica, m_maxFails);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        leaveOrder();
        m_weights.update(replicas);
        m_usable.clear();
        m_gaining.clear();
        m_members.clear();
        m_othersGain = false;
        for (std::size_t place = 0; place < replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            const ReplicaView& replica = replicas[index];
            const bool gains = m_bound == BoundRequests::count && replica.up && replica.weight > 0
                && !replica.takesFresh();
            m_usable.push_back(replica.takesFresh());
            m_gaining.push_back(replica.takesFresh() || gains);
            m_othersGain = m_othersGain || gains;
            if (replica.takesFresh())
                m_members.push_back(index);
        }
    }

private:
    // Fewer are gone through faster than ordered.
    static constexpr std::size_t many = 64;

    // Whether the weights are kept in order, which they are where they can be.
    bool inOrder()
    {
        if (m_ordered || m_members.size() <= many)
            return m_ordered;
        if (std::any_of(m_members.begin(), m_members.end(), [this](ReplicaIndex member) {
                return m_weights.recovering(member) || m_weights.isSpare(member);
            }))
            return false;
        m_order.take(m_weights, m_members);
        m_ordered = true;
        return true;
    }

    void leaveOrder()
    {
        if (m_ordered)
            m_order.giveBack(m_weights);
        m_ordered = false;
    }

    SmoothWeights m_weights;
    SmoothOrder m_order; ///< has the members' weights while m_ordered
    std::vector<ReplicaIndex> m_members; ///< those that take fresh requests
    std::vector<bool> m_usable; ///< by replica: whether it is one of them
    std::vector<bool> m_gaining; ///< by replica: whether it gains when a bound request is placed
    bool m_othersGain = false; ///< whether others than the members gain
    bool m_ordered = false;
    BoundRequests m_bound;
    std::int64_t m_maxFails; ///< 0: failures take no weight away
};

} // namespace

std::unique_ptr<BalancingPolicy> makeSmoothWeightedRoundRobin(const ReplicaSet& replicas,
                                                              const Chance&, const Settings&)
{
    return std::make_unique<SmoothWeightedRoundRobin>(replicas, BoundRequests::doNotCount, 0);
}

std::unique_ptr<BalancingPolicy> makeNginxRoundRobin(const ReplicaSet& replicas, const Chance&,
                                                     const Settings& settings)
{
    return std::make_unique<SmoothWeightedRoundRobin>(replicas, BoundRequests::countOneInARow,
                                                      settings.whole("max-fails", 1));
}

// ngx_http_sticky_module.c: a request that it places by its cookie leaves the weights alone.
std::unique_ptr<BalancingPolicy> makeNginxStickyModuleNg(const ReplicaSet& replicas, const Chance&,
                                                         const Settings& settings)
{
    return std::make_unique<SmoothWeightedRoundRobin>(replicas, BoundRequests::doNotCount,
                                                      settings.whole("max-fails", 1));
}

std::unique_ptr<BalancingPolicy> makeApacheByRequests(const ReplicaSet& replicas, const Chance&,
                                                      const Settings&)
{
    return std::make_unique<SmoothWeightedRoundRobin>(replicas, BoundRequests::count, 0);
}

} // namespace stickyscope
