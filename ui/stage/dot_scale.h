// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <cstddef>
#include <cstdint>

namespace stickyscope {

/// For how many requests one dot stands, and which requests are drawn: so many that a stage stays
/// legible and fast, and of every way the same share. Whether a request is drawn follows from whose
/// it is and which, so that it is drawn on all of its way, in every lane, and again after going
/// back; and what a coarser scale draws, a finer one draws as well.
class DotScale
{
public:
    /// That a stage shows at once, about.
    static constexpr std::size_t mostDots = 500;
    /// Pictures in a row that a finer scale must fit before it is taken: two seconds of them.
    static constexpr int patience = 60;

    /// For each picture. `requests`: on their way in the fullest lane.
    void update(std::size_t requests);
    /// 1, 2, 5, 10, 20, 50, ...
    std::uint32_t requestsPerDot() const { return m_requestsPerDot; }
    bool draws(ClientIndex client, std::uint32_t ordinal) const;

private:
    std::uint32_t m_requestsPerDot = 1;
    int m_finerFits = 0; ///< pictures in a row
};

} // namespace stickyscope
