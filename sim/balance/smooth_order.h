// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/smooth_weights.h"
#include "sim/model/ids.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stickyscope {

/// SmoothWeights' rounds for many replicas, to the same choices. Where all gain their full weight
/// in every round, those of one weight never overtake each other: only the foremost of each
/// weight can be chosen. So each weight has a knock-out tree of its replicas, and a round costs
/// the number of different weights and one path up a tree.
class SmoothOrder
{
public:
    /// Takes over what these replicas, in order, have gathered so far.
    void take(const SmoothWeights& weights, const std::vector<ReplicaIndex>& members)
    {
        m_rounds = 0;
        m_gained = 0;
        m_groups.clear();
        for (const ReplicaIndex member : members) {
            if (m_standings.size() <= raw(member))
                m_standings.resize(raw(member) + std::size_t {1});
            const std::int64_t weight = weights.weight(member);
            const auto found =
                std::find_if(m_groups.begin(), m_groups.end(),
                             [weight](const Group& group) { return group.weight == weight; });
            Group& group = found == m_groups.end() ? m_groups.emplace_back() : *found;
            group.weight = weight;
            m_standings[raw(member)] = {weights.current(member),
                                        static_cast<std::size_t>(&group - m_groups.data()),
                                        group.members.size()};
            group.members.push_back(member);
            m_gained += weight;
        }
        for (Group& group : m_groups)
            build(group);
    }

    void giveBack(SmoothWeights& weights) const
    {
        for (const Group& group : m_groups) {
            for (const ReplicaIndex member : group.members)
                weights.setCurrent(member, current(member));
        }
    }

    /// A round; where somebody else has chosen, `given`, one of the replicas, pays.
    ReplicaIndex round(ReplicaIndex given = noReplica)
    {
        ++m_rounds;
        const ReplicaIndex chosen = given == noReplica ? foremost() : given;
        Standing& standing = m_standings[raw(chosen)];
        standing.base -= m_gained;
        Group& group = m_groups[standing.group];
        for (std::size_t node = (group.members.size() + standing.place) / 2; node > 0; node /= 2)
            group.tree[node] = better(group.tree[2 * node], group.tree[2 * node + 1]);
        return chosen;
    }

    std::int64_t current(ReplicaIndex member) const
    {
        const Standing& standing = m_standings[raw(member)];
        return standing.base + m_groups[standing.group].weight * m_rounds;
    }

private:
    struct Standing
    {
        std::int64_t base = 0; ///< what it had gathered before the first round
        std::size_t group = 0;
        std::size_t place = 0; ///< in the group
    };

    struct Group
    {
        std::int64_t weight = 0;
        std::vector<ReplicaIndex> members;
        std::vector<ReplicaIndex> tree; ///< the winner of nodes 2n and 2n + 1 at n; leaves behind
    };

    ReplicaIndex better(ReplicaIndex one, ReplicaIndex other) const
    {
        const std::int64_t lead = m_standings[raw(one)].base - m_standings[raw(other)].base;
        return lead > 0 || (lead == 0 && one < other) ? one : other;
    }

    void build(Group& group) const
    {
        const std::size_t size = group.members.size();
        group.tree.resize(2 * size);
        std::copy(group.members.begin(), group.members.end(),
                  group.tree.begin() + static_cast<std::ptrdiff_t>(size));
        for (std::size_t node = size - 1; node > 0; --node)
            group.tree[node] = better(group.tree[2 * node], group.tree[2 * node + 1]);
    }

    ReplicaIndex foremost() const
    {
        ReplicaIndex best = noReplica;
        std::int64_t most = 0;
        for (const Group& group : m_groups) {
            const ReplicaIndex first = group.tree[1];
            const std::int64_t has = current(first);
            if (best == noReplica || has > most || (has == most && first < best)) {
                best = first;
                most = has;
            }
        }
        return best;
    }

    std::vector<Standing> m_standings; ///< by replica
    std::vector<Group> m_groups;
    std::int64_t m_rounds = 0;
    std::int64_t m_gained = 0; ///< by all in one round
};

} // namespace stickyscope
