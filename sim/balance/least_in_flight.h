// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace stickyscope {

/// Replicas sorted by how many requests they have in flight, kept sorted in constant time: a
/// count moves by one, so a replica only swaps places with the end of its equals.
class LeastInFlight
{
public:
    explicit LeastInFlight(const ReplicaSet& replicas) { update(replicas); }

    void update(const ReplicaSet& replicas)
    {
        m_counts.resize(replicas.size(), 0);
        m_places.assign(replicas.size(), absent);
        m_order.clear();
        for (std::size_t place = 0; place < replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (replicas[index].takesFresh())
                m_order.push_back(index);
        }
        std::stable_sort(m_order.begin(), m_order.end(),
                         [this](ReplicaIndex one, ReplicaIndex other) {
                             return m_counts[raw(one)] < m_counts[raw(other)];
                         });
        m_ends.clear();
        for (std::size_t place = 0; place < m_order.size(); ++place) {
            m_places[raw(m_order[place])] = place;
            m_ends.resize(m_counts[raw(m_order[place])] + 1, place);
            m_ends.back() = place + 1;
        }
    }

    void assigned(ReplicaIndex replica)
    {
        const std::size_t before = m_counts[raw(replica)]++;
        if (m_places[raw(replica)] == absent)
            return;
        if (m_ends.size() < before + 2)
            m_ends.resize(before + 2, m_order.size());
        moveTo(replica, --m_ends[before]);
    }

    void released(ReplicaIndex replica)
    {
        const std::size_t after = --m_counts[raw(replica)];
        if (m_places[raw(replica)] != absent)
            moveTo(replica, m_ends[after]++);
    }

    /// One of those with the fewest, each as likely; `avoid` only where it is the last one left.
    std::optional<ReplicaIndex> draw(Draw& draw, ReplicaIndex avoid) const
    {
        if (m_order.empty())
            return std::nullopt;
        std::size_t begin = 0;
        std::size_t end = m_ends[m_counts[raw(m_order.front())]];
        const std::size_t avoided = avoid == noReplica ? absent : m_places[raw(avoid)];
        if (avoided >= end)
            return m_order[draw.below(static_cast<std::uint32_t>(end))];
        if (end > 1) {
            const std::size_t place = draw.below(static_cast<std::uint32_t>(end - 1));
            return m_order[place < avoided ? place : place + 1];
        }
        if (m_order.size() == 1)
            return m_order.front();
        begin = 1;
        end = m_ends[m_counts[raw(m_order[1])]];
        return m_order[begin + draw.below(static_cast<std::uint32_t>(end - begin))];
    }

private:
    static constexpr std::size_t absent = static_cast<std::size_t>(-1);

    void moveTo(ReplicaIndex replica, std::size_t place)
    {
        const std::size_t from = m_places[raw(replica)];
        const ReplicaIndex other = m_order[place];
        std::swap(m_order[from], m_order[place]);
        m_places[raw(other)] = from;
        m_places[raw(replica)] = place;
    }

    std::vector<std::size_t> m_counts; ///< by replica, also of those that take no fresh requests
    std::vector<std::size_t> m_places; ///< by replica: where it stands in m_order
    std::vector<ReplicaIndex> m_order;
    std::vector<std::size_t> m_ends; ///< by count: behind the last replica with at most so many
};

} // namespace stickyscope
