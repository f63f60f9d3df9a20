// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"

#include <cstdint>
#include <vector>

namespace stickyscope {

/// How many requests each replica has in flight, bound ones among them.
class InFlight
{
public:
    explicit InFlight(const ReplicaSet& replicas)
        : m_counts(replicas.size(), 0)
    {
    }

    void grow(const ReplicaSet& replicas) { m_counts.resize(replicas.size(), 0); }
    void assigned(ReplicaIndex replica)
    {
        ++m_counts[raw(replica)];
        ++m_total;
    }
    void released(ReplicaIndex replica)
    {
        --m_counts[raw(replica)];
        --m_total;
    }

    std::int64_t operator[](ReplicaIndex replica) const { return m_counts[raw(replica)]; }
    std::int64_t total() const { return m_total; }

private:
    std::vector<std::int64_t> m_counts;
    std::int64_t m_total = 0;
};

} // namespace stickyscope
