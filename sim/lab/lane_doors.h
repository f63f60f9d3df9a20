// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace stickyscope::lab {

/// Where a lane's clients find its balancer on 127.0.0.1, by what they speak: the port, or 0 where
/// nobody speaks that.
struct LaneDoors
{
    std::uint16_t plain = 0;
    std::uint16_t secure = 0;
    std::string certificate; ///< of the secure one, in PEM: made for this lane alone

    std::uint16_t of(bool wantsTls) const { return wantsTls ? secure : plain; }
};

} // namespace stickyscope::lab
