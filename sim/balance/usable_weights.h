// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stickyscope {

/// The weight of each replica that takes fresh requests, and 0 for the others: what rings and
/// tables are built from. Says whether anything changed, so that they are not built in vain.
class UsableWeights
{
public:
    /// `isUsable` may leave out less than ReplicaView::takesFresh() does.
    bool update(const ReplicaSet& replicas,
                bool (ReplicaView::*isUsable)() const = &ReplicaView::takesFresh)
    {
        bool changed = m_weights.size() != replicas.size();
        m_weights.resize(replicas.size(), 0);
        m_total = 0;
        m_usable = 0;
        for (std::size_t place = 0; place < m_weights.size(); ++place) {
            const ReplicaView& replica = replicas[static_cast<ReplicaIndex>(place)];
            const int weight = (replica.*isUsable)() ? replica.weight : 0;
            changed = changed || m_weights[place] != weight;
            m_weights[place] = weight;
            m_total += static_cast<std::uint64_t>(weight);
            m_usable += weight > 0 ? 1 : 0;
        }
        return changed;
    }

    std::size_t size() const { return m_weights.size(); }
    int operator[](std::size_t place) const { return m_weights[place]; }
    int operator[](ReplicaIndex replica) const { return m_weights[raw(replica)]; }
    std::uint64_t total() const { return m_total; }
    std::size_t usable() const { return m_usable; }
    int largest() const { return *std::max_element(m_weights.begin(), m_weights.end()); }
    auto begin() const { return m_weights.begin(); }
    auto end() const { return m_weights.end(); }

private:
    std::vector<int> m_weights;
    std::uint64_t m_total = 0;
    std::size_t m_usable = 0;
};

} // namespace stickyscope
