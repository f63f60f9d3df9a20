// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace stickyscope {

/// A series over time that stays small: cells of equal width, at most `mostCells` of them. When
/// they no longer reach, neighbours are merged and the width doubles, so nothing is forgotten.
/// `Cell` needs merge(const Cell& later).
template <typename Cell>
class TimeBuckets
{
public:
    static constexpr std::size_t mostCells = 600;

    explicit TimeBuckets(Duration width = std::chrono::milliseconds(100))
        : m_width(width)
    {
    }

    Duration width() const { return m_width; }
    const std::vector<Cell>& cells() const { return m_cells; }

    Cell& at(Instant when)
    {
        std::size_t place = placeOf(when);
        while (place >= mostCells) {
            halve();
            place = placeOf(when);
        }
        if (place >= m_cells.size())
            m_cells.resize(place + 1);
        return m_cells[place];
    }

private:
    std::size_t placeOf(Instant when) const
    {
        return static_cast<std::size_t>(when.time_since_epoch() / m_width);
    }

    void halve()
    {
        std::vector<Cell> wider((m_cells.size() + 1) / 2);
        for (std::size_t place = 0; place < m_cells.size(); ++place) {
            if (place % 2 == 0)
                wider[place / 2] = std::move(m_cells[place]);
            else
                wider[place / 2].merge(m_cells[place]);
        }
        m_cells = std::move(wider);
        m_width *= 2;
    }

    Duration m_width;
    std::vector<Cell> m_cells;
};

} // namespace stickyscope
