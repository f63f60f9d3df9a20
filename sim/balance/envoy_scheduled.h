// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/balance/candidates.h"
#include "sim/balance/envoy_edf.h"
#include "sim/balance/usable_weights.h"

namespace stickyscope {

/// What Envoy's round robin and least request share (EdfLoadBalancerBase, load_balancer_impl.cc):
/// with equal weights each has its own way to choose, else the EDF scheduler does, built anew
/// with each change of the healthy hosts and set going by some picks that nobody sees.
class EnvoyScheduled
{
public:
    EnvoyScheduled(const ReplicaSet& replicas, const Chance& chance)
        : m_candidates(replicas)
    {
        Draw draw = chance.draw(noClient, 0, Purpose::balancerStart);
        m_seed = draw();
    }

    /// `weightNow` says what a host weighs at the moment, e.g. with its requests in flight.
    template <typename WeightNow>
    void update(const ReplicaSet& replicas, WeightNow weightNow)
    {
        if (!m_weights.update(replicas))
            return;
        m_candidates.update(replicas);
        m_edf.clear();
        int first = 0;
        bool equal = true;
        for (std::size_t place = 0; place < m_candidates.size(); ++place) {
            const int weight = m_weights[m_candidates[place]];
            first = place == 0 ? weight : first;
            equal = equal && weight == first;
        }
        if (equal)
            return;
        m_edf.startAfter(static_cast<std::uint32_t>(m_seed), m_candidates, weightNow);
    }

    bool scheduled() const { return !m_edf.empty(); }
    const Candidates& candidates() const { return m_candidates; }
    int weight(ReplicaIndex replica) const { return m_weights[replica]; }
    std::uint64_t seed() const { return m_seed; }

    /// The scheduler's next host; there must be one. One to avoid is passed over, and keeps its
    /// turn's end, where another is left.
    template <typename WeightNow>
    ReplicaIndex next(WeightNow weightNow, ReplicaIndex avoid)
    {
        // The others' turns may be so far off, by a large bias, that it would not come to an end.
        constexpr int mostTurns = 1000;
        for (int turns = 1;; ++turns) {
            const ReplicaIndex host = m_edf.take();
            const bool avoided = host == avoid && m_candidates.size() > 1;
            if (!avoided || turns < mostTurns) {
                m_edf.add(host, weightNow(host));
                if (!avoided)
                    return host;
                continue;
            }
            const ReplicaIndex other = m_edf.take();
            m_edf.add(host, weightNow(host));
            m_edf.add(other, weightNow(other));
            return other;
        }
    }

private:
    Candidates m_candidates;
    UsableWeights m_weights;
    EnvoyEdf m_edf;
    std::uint64_t m_seed = 0;
};

} // namespace stickyscope
