// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/products/sticky_policy.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// Keys and who serves them; those that were not used for longest make room.
class StickTable
{
public:
    struct Entry
    {
        ReplicaIndex server = noReplica;
        WallSeconds lastUsed {};
        std::uint64_t use = 0; ///< grows with each use of the table
    };

    /// `expire` 0: an entry stays for as long as there is room.
    StickTable(std::size_t size, std::chrono::seconds expire)
        : m_size(size)
        , m_expire(expire)
    {
    }

    WallSeconds goodUntil(const Entry& entry) const
    {
        return m_expire == std::chrono::seconds::zero() ? Recall::always
                                                        : entry.lastUsed + m_expire;
    }

    const Entry* find(std::string_view key) const
    {
        const auto found = m_entries.find(key);
        return found == m_entries.end() ? nullptr : &found->second;
    }
    // stksess_new, stktable_trash_oldest. HAProxy takes room also for a key that turns out to be
    // there, now and then, by the millisecond: here it does not.
    void store(std::string_view key, ReplicaIndex server, WallSeconds now)
    {
        const Entry entry {server, now, ++m_uses};
        const auto found = m_entries.find(key);
        if (found != m_entries.end()) {
            found->second = entry;
            return;
        }
        if (m_entries.size() >= m_size)
            trash(m_size / 256 + 1);
        m_entries.emplace(key, entry);
    }
    void touch(std::string_view key, WallSeconds now)
    {
        const auto found = m_entries.find(key);
        if (found != m_entries.end() && now < goodUntil(found->second))
            found->second = {found->second.server, now, ++m_uses};
    }
    void remove(ReplicaIndex server)
    {
        std::erase_if(m_entries, [&](const auto& one) { return one.second.server == server; });
    }

private:
    using Entries = std::map<std::string, Entry, std::less<>>;

    void trash(std::size_t count)
    {
        std::vector<Entries::iterator> all;
        for (auto at = m_entries.begin(); at != m_entries.end(); ++at)
            all.push_back(at);
        count = std::min(count, all.size());
        std::partial_sort(
            all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(),
            [](const auto& one, const auto& other) { return one->second.use < other->second.use; });
        std::for_each(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count),
                      [&](const auto& one) { m_entries.erase(one); });
    }

    std::size_t m_size;
    std::chrono::seconds m_expire;
    std::uint64_t m_uses = 0;
    Entries m_entries;
};

} // namespace stickyscope
