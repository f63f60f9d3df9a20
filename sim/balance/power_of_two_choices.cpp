// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/candidates.h"
#include "sim/balance/in_flight.h"

namespace stickyscope {

namespace {

// Traefik 3.4 and later, pkg/server/service/loadbalancer/p2c: two draws with replacement, the
// second moved on by one where both are the same; fewer requests in flight wins, a tie goes to
// the first. Bound requests count as in flight.
class PowerOfTwoChoices final : public CloneablePolicy<PowerOfTwoChoices>
{
public:
    explicit PowerOfTwoChoices(const ReplicaSet& replicas)
        : m_candidates(replicas)
        , m_inFlight(replicas)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const auto size = static_cast<std::uint32_t>(m_candidates.size());
        if (size == 0)
            return std::nullopt;
        const std::uint32_t first = pick.draw.below(size);
        std::uint32_t second = pick.draw.below(size);
        if (second == first)
            second = (second + 1) % size;
        const ReplicaIndex one = m_candidates[first];
        const ReplicaIndex other = m_candidates[second];
        if (one == pick.avoid || other == pick.avoid)
            return one == pick.avoid ? other : one;
        return m_inFlight[other] < m_inFlight[one] ? other : one;
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_inFlight.assigned(replica); }
    void released(const Ended& ended) override { m_inFlight.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_candidates.update(replicas);
        m_inFlight.grow(replicas);
    }

private:
    Candidates m_candidates;
    InFlight m_inFlight;
};

} // namespace

std::unique_ptr<BalancingPolicy> makePowerOfTwoChoices(const ReplicaSet& replicas, const Chance&,
                                                       const Settings&)
{
    return std::make_unique<PowerOfTwoChoices>(replicas);
}

} // namespace stickyscope
