// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/two_of.h"

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

// ingress-nginx, rootfs/etc/nginx/lua/balancer/ewma.lua: of two different endpoints, the one whose
// mean response time, fading by e in ten seconds, is lower now; requests in flight do not count.
// A new endpoint begins with the mean of the others. Weights do not count.
class IngressNginxEwma final : public CloneablePolicy<IngressNginxEwma>
{
public:
    explicit IngressNginxEwma(const ReplicaSet& replicas)
        : m_candidates(replicas)
        , m_endpoints(replicas.size())
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        m_now = std::max(m_now, pick.now);
        if (m_candidates.size() == 0)
            return std::nullopt;
        const auto [one, other] = twoOf(m_candidates, pick);
        return faded(other) < faded(one) ? other : one;
    }

    void released(const Ended& ended) override
    {
        m_now = std::max(m_now, ended.now);
        if (!ended.answered)
            return;
        Endpoint& endpoint = m_endpoints[raw(ended.replica)];
        const double weight = weightNow(endpoint);
        endpoint.mean = endpoint.mean * weight + inSeconds(ended.took) * (1 - weight);
        endpoint.touched = m_now;
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        double sum = 0;
        for (std::size_t place = 0; place < m_candidates.size(); ++place)
            sum += m_endpoints[raw(m_candidates[place])].mean;
        const double mean =
            m_candidates.size() == 0 ? 0 : sum / static_cast<double>(m_candidates.size());
        m_endpoints.resize(replicas.size(), {mean, m_now});
        m_candidates.update(replicas);
    }

private:
    struct Endpoint
    {
        double mean = 0; ///< seconds
        Instant touched {};
    };

    double weightNow(const Endpoint& endpoint) const
    {
        constexpr double decaySeconds = 10;
        return std::exp(-inSeconds(m_now - endpoint.touched) / decaySeconds);
    }

    double faded(ReplicaIndex replica) const
    {
        const Endpoint& endpoint = m_endpoints[raw(replica)];
        return endpoint.mean * weightNow(endpoint);
    }

    Candidates m_candidates;
    std::vector<Endpoint> m_endpoints;
    Instant m_now {};
};

} // namespace

std::unique_ptr<BalancingPolicy> makeIngressNginxEwma(const ReplicaSet& replicas, const Chance&,
                                                      const Settings&)
{
    return std::make_unique<IngressNginxEwma>(replicas);
}

} // namespace stickyscope
