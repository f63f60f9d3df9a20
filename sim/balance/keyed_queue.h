// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stickyscope {

/// Replicas in the order of a key; those with equal keys in the order in which they came. What
/// HAProxy's ebtree does for its servers (eb32_insert keeps duplicates in order).
class KeyedQueue
{
public:
    void insert(std::uint64_t key, ReplicaIndex replica)
    {
        const auto behind = std::upper_bound(
            m_entries.begin(), m_entries.end(), key,
            [](std::uint64_t wanted, const Entry& entry) { return wanted < entry.key; });
        m_entries.insert(behind, {key, replica});
    }

    void remove(ReplicaIndex replica)
    {
        std::erase_if(m_entries,
                      [replica](const Entry& entry) { return entry.replica == replica; });
    }

    bool empty() const { return m_entries.empty(); }
    ReplicaIndex first() const { return m_entries.front().replica; }
    void swap(KeyedQueue& other) { m_entries.swap(other.m_entries); }

    struct Entry
    {
        std::uint64_t key = 0;
        ReplicaIndex replica = noReplica;
    };
    auto begin() const { return m_entries.begin(); }
    auto end() const { return m_entries.end(); }

private:
    std::vector<Entry> m_entries;
};

} // namespace stickyscope
