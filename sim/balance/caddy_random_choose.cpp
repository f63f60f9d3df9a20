// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/candidates.h"
#include "sim/balance/in_flight.h"

namespace stickyscope {

namespace {

// Caddy 2.6, selectionpolicies.go, RandomChoiceSelection and leastRequests(): so many places; each
// upstream draws a place as its number goes and takes it over where there is one, so that places
// may stay empty. The first idle one of the places wins, else any of those with the fewest
// requests. Caddy numbers upstreams that are down as well, so that nobody may get a place: a
// fault that later versions do not have, left out here.
class CaddyRandomChoose final : public CloneablePolicy<CaddyRandomChoose>
{
public:
    CaddyRandomChoose(const ReplicaSet& replicas, std::int64_t choose)
        : m_candidates(replicas)
        , m_active(replicas)
        , m_places(static_cast<std::size_t>(choose), noReplica)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_candidates.size() == 0)
            return std::nullopt;
        std::fill(m_places.begin(), m_places.end(), noReplica);
        const bool onlyOne = m_candidates.size() == 1;
        std::uint32_t number = 0;
        for (std::size_t place = 0; place < m_candidates.size(); ++place) {
            const ReplicaIndex upstream = m_candidates[place];
            if (upstream == pick.avoid && !onlyOne)
                continue;
            const std::uint32_t drawn = pick.draw.below(++number);
            if (drawn < m_places.size())
                m_places[drawn] = upstream;
        }
        return leastActive(pick);
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_active.assigned(replica); }
    void released(const Ended& ended) override { m_active.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_candidates.update(replicas);
        m_active.grow(replicas);
    }

private:
    ReplicaIndex leastActive(const Pick& pick) const
    {
        ReplicaIndex best = noReplica;
        std::uint32_t equals = 0;
        for (const ReplicaIndex upstream : m_places) {
            if (upstream == noReplica)
                continue;
            const std::int64_t active = m_active[upstream];
            if (active == 0)
                return upstream;
            if (best == noReplica || active < m_active[best]) {
                best = upstream;
                equals = 1;
            } else if (active == m_active[best] && pick.draw.below(++equals) == 0) {
                best = upstream;
            }
        }
        return best;
    }

    Candidates m_candidates;
    InFlight m_active;
    std::vector<ReplicaIndex> m_places; ///< used again for each pick
};

} // namespace

std::unique_ptr<BalancingPolicy> makeCaddyRandomChoose(const ReplicaSet& replicas, const Chance&,
                                                       const Settings& settings)
{
    return std::make_unique<CaddyRandomChoose>(replicas, settings.whole("choose", 2));
}

} // namespace stickyscope
