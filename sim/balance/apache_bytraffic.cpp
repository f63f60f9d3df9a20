// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <vector>

namespace stickyscope {

namespace {

// Apache 2.4, mod_lbmethod_bytraffic.c: the fewest bytes for its weight, the first among equals;
// bytes count when an answer is complete, those of bound requests as well.
class ApacheByTraffic final : public CloneablePolicy<ApacheByTraffic>
{
public:
    explicit ApacheByTraffic(const ReplicaSet& replicas)
        : m_octets(replicas.size(), 0)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        std::optional<ReplicaIndex> best;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (eligible(pick, index, left == 1) && (!best || goesBefore(pick, index, *best)))
                best = index;
        }
        return best;
    }

    void released(const Ended& ended) override
    {
        if (ended.answered)
            m_octets[raw(ended.replica)] += heads + static_cast<std::int64_t>(ended.octets);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_octets.resize(replicas.size(), 0);
    }

private:
    /// About what a request and its answer's head come to, which count as well.
    static constexpr std::int64_t heads = 400;

    // Spares are looked at last.
    bool goesBefore(const Pick& pick, ReplicaIndex replica, ReplicaIndex earlier) const
    {
        const std::int64_t one = m_octets[raw(replica)] * weight(pick, earlier);
        const std::int64_t other = m_octets[raw(earlier)] * weight(pick, replica);
        return one != other ? one < other
                            : pick.replicas[earlier].spare && !pick.replicas[replica].spare;
    }
    static std::int64_t weight(const Pick& pick, ReplicaIndex replica)
    {
        return pick.replicas[replica].weight;
    }

    std::vector<std::int64_t> m_octets;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeApacheByTraffic(const ReplicaSet& replicas, const Chance&,
                                                     const Settings&)
{
    return std::make_unique<ApacheByTraffic>(replicas);
}

} // namespace stickyscope
