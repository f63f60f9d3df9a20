// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <algorithm>
#include <vector>

namespace stickyscope {

/// Points on a circle of hashes, each with its replica; equal hashes stay in the order in which
/// they came.
template <typename Hash>
class HashRing
{
public:
    struct Point
    {
        Hash hash;
        ReplicaIndex replica;
    };

    void add(Hash hash, ReplicaIndex replica) { m_points.push_back({hash, replica}); }
    void sort()
    {
        std::stable_sort(
            m_points.begin(), m_points.end(),
            [](const Point& one, const Point& other) { return one.hash < other.hash; });
    }

    bool empty() const { return m_points.empty(); }
    std::size_t size() const { return m_points.size(); }
    const Point& operator[](std::size_t place) const { return m_points[place]; }
    std::size_t next(std::size_t place) const { return place + 1 == size() ? 0 : place + 1; }
    std::size_t previous(std::size_t place) const { return (place == 0 ? size() : place) - 1; }

    /// The first point that is not before the hash, going round.
    std::size_t atOrAfter(Hash hash) const
    {
        const auto found =
            std::lower_bound(m_points.begin(), m_points.end(), hash,
                             [](const Point& point, Hash wanted) { return point.hash < wanted; });
        return found == m_points.end() ? 0 : static_cast<std::size_t>(found - m_points.begin());
    }

    /// The last point that is not after the hash; the first of all where there is none.
    std::size_t atOrBefore(Hash hash) const
    {
        const auto found =
            std::upper_bound(m_points.begin(), m_points.end(), hash,
                             [](Hash wanted, const Point& point) { return wanted < point.hash; });
        return found == m_points.begin() ? 0
                                         : static_cast<std::size_t>(found - m_points.begin()) - 1;
    }

private:
    std::vector<Point> m_points;
};

} // namespace stickyscope
