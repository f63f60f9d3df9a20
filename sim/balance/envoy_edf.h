// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stickyscope {

/// Envoy's earliest-deadline-first scheduler (source/common/upstream/edf_scheduler.h): the time is
/// the deadline of the latest pick, each entry comes again after 1 / weight, and those with equal
/// deadlines in the order in which they were put in.
class EnvoyEdf
{
public:
    void clear() { m_heap.clear(); }

    /// Holds these hosts as if so many picks had been made already (createWithPicks): the next
    /// deadlines lie so far out that rounding, not the order of coming, decides between equals.
    template <typename Hosts, typename Weight>
    void startAfter(std::uint32_t picks, const Hosts& hosts, Weight weight)
    {
        picks %= 429496729U;
        // Weights that are multiples of each other would tie; Envoy adds this.
        constexpr double epsilon = 1e-13;
        double sum = 0;
        for (std::size_t place = 0; place < hosts.size(); ++place)
            sum += weight(hosts[place]) + epsilon;
        m_heap.clear();
        m_now = 0;
        std::uint32_t made = 0;
        for (std::size_t place = 0; place < hosts.size(); ++place) {
            const double own = weight(hosts[place]) + epsilon;
            auto turns = static_cast<std::uint32_t>(own * picks / sum);
            if (turns > 0 && turns / own >= picks / sum)
                --turns;
            m_heap.push_back({(turns + 1) / own, place, hosts[place]});
            m_now = std::max(m_now, turns / own);
            made += turns;
        }
        m_order = hosts.size();
        std::make_heap(m_heap.begin(), m_heap.end(), later);
        for (; made < picks; ++made) {
            const ReplicaIndex host = take();
            add(host, weight(host));
        }
    }

    bool empty() const { return m_heap.empty(); }

    void add(ReplicaIndex replica, double weight)
    {
        m_heap.push_back({m_now + 1 / weight, m_order++, replica});
        std::push_heap(m_heap.begin(), m_heap.end(), later);
    }

    /// The next one, taken out.
    ReplicaIndex take()
    {
        std::pop_heap(m_heap.begin(), m_heap.end(), later);
        const Entry entry = m_heap.back();
        m_heap.pop_back();
        m_now = entry.deadline;
        return entry.replica;
    }

private:
    struct Entry
    {
        double deadline = 0;
        std::uint64_t order = 0;
        ReplicaIndex replica = noReplica;
    };

    static bool later(const Entry& one, const Entry& other)
    {
        return one.deadline > other.deadline
            || (one.deadline == other.deadline && one.order > other.order);
    }

    std::vector<Entry> m_heap;
    double m_now = 0;
    std::uint64_t m_order = 0;
};

} // namespace stickyscope
