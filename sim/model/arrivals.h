// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <optional>

namespace stickyscope {

/// When the clients of one group send of their own accord. A function of the scenario's seed, the
/// client and the request's ordinal, so that every world and every lane draws the same.
struct Arrivals
{
    const ClientSpec& group;
    std::uint32_t firstClient = 0; ///< the group's first among all clients
    Chance chance;
    WallSeconds starts {}; ///< the scenario's: what the time of day is at its instant 0

    /// Nothing where it never sends.
    std::optional<Instant> first(ClientIndex client) const;
    /// What follows the request `ordinal`, which was sent at `from` (open loop), or whose answer or
    /// connection ended then (closed loop).
    std::optional<Instant> next(ClientIndex client, std::uint32_t ordinal, Instant from) const;
    /// How many requests a client sends side by side then; the next moment follows from the first
    /// of them alone.
    int together(bool atFirst) const;
};

} // namespace stickyscope
