// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stickyscope {

/// A line on which each replica has a stretch as long as its weight; finds whose stretch a
/// position is on by halving.
class WeightedRanges
{
public:
    template <typename Weights>
    void build(const Weights& weights)
    {
        m_ends.clear();
        std::uint64_t end = 0;
        for (const auto weight : weights) {
            end += static_cast<std::uint64_t>(weight);
            m_ends.push_back(end);
        }
    }

    std::uint64_t total() const { return m_ends.empty() ? 0 : m_ends.back(); }

    /// `position` must be below total().
    ReplicaIndex at(std::uint64_t position) const
    {
        const auto found = std::upper_bound(m_ends.begin(), m_ends.end(), position);
        return static_cast<ReplicaIndex>(found - m_ends.begin());
    }

private:
    std::vector<std::uint64_t> m_ends;
};

} // namespace stickyscope
