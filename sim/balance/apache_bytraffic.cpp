// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <vector>

namespace stickyscope {

namespace {

// Apache 2.4, mod_lbmethod_bytraffic.c: the fewest bytes for its weight, the first among equals;
// bytes count when an answer is complete, those of bound requests as well. The model knows no
// bytes: every answer counts the same, so this is the fewest answers for its weight.
class ApacheByTraffic final : public CloneablePolicy<ApacheByTraffic>
{
public:
    explicit ApacheByTraffic(const ReplicaSet& replicas)
        : m_answers(replicas.size(), 0)
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
            ++m_answers[raw(ended.replica)];
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_answers.resize(replicas.size(), 0);
    }

private:
    // Spares are looked at last.
    bool goesBefore(const Pick& pick, ReplicaIndex replica, ReplicaIndex earlier) const
    {
        const std::int64_t one = m_answers[raw(replica)] * weight(pick, earlier);
        const std::int64_t other = m_answers[raw(earlier)] * weight(pick, replica);
        return one != other ? one < other
                            : pick.replicas[earlier].spare && !pick.replicas[replica].spare;
    }
    static std::int64_t weight(const Pick& pick, ReplicaIndex replica)
    {
        return pick.replicas[replica].weight;
    }

    std::vector<std::int64_t> m_answers;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeApacheByTraffic(const ReplicaSet& replicas, const Chance&,
                                                     const Settings&)
{
    return std::make_unique<ApacheByTraffic>(replicas);
}

} // namespace stickyscope
