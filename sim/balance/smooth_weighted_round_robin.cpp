// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/smooth_weights.h"

namespace stickyscope {

namespace {

// What a bound request does to the weights. nginx 1.31 (ngx_http_upstream_round_robin.c) lets it
// take part as if it had been chosen, but only one in a row: a replica that owes as much as all
// others weigh owes no more. Apache 2.4 (mod_proxy_balancer.c, find_session_route) has no such
// limit, and lets draining members gain as well.
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
        , m_gaining(replicas.size())
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
        return m_weights.round(
            [&](ReplicaIndex replica) { return eligible(pick, replica, left == 1); });
    }

    void assigned(ReplicaIndex replica, Bound bound) override
    {
        if (bound == Bound::no || m_bound == BoundRequests::doNotCount)
            return;
        const std::int64_t others = m_weights.total() - m_weights.weight(replica);
        if (m_bound == BoundRequests::countOneInARow && m_weights.current(replica) <= -others)
            return;
        m_weights.round([this](ReplicaIndex other) { return m_gaining[raw(other)]; }, replica);
    }

    void released(const Ended& ended) override
    {
        if (!ended.answered && m_maxFails > 0)
            m_weights.failed(ended.replica, m_maxFails);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_weights.update(replicas);
        m_gaining.resize(replicas.size());
        for (std::size_t place = 0; place < m_gaining.size(); ++place) {
            const ReplicaView& replica = replicas[static_cast<ReplicaIndex>(place)];
            m_gaining[place] = replica.takesFresh()
                || (m_bound == BoundRequests::count && replica.up && replica.weight > 0);
        }
    }

private:
    SmoothWeights m_weights;
    std::vector<bool> m_gaining; ///< by replica: whether it gains when a bound request is placed
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

std::unique_ptr<BalancingPolicy> makeApacheByRequests(const ReplicaSet& replicas, const Chance&,
                                                      const Settings&)
{
    return std::make_unique<SmoothWeightedRoundRobin>(replicas, BoundRequests::count, 0);
}

} // namespace stickyscope
