// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/target_class.h"
#include "sim/model/instant.h"

#include <optional>

namespace stickyscope::live {

/// How much may be asked of an address, by its class. Stickyscope is no weapon: these hold whatever
/// a file or an option says.
struct Allowance
{
    double rate = 10; ///< requests per second, of all lanes together
    int connections = 10; ///< open at once, of all lanes together
    /// How long it may be asked at more than `unhurried` requests per second.
    std::optional<Duration> longest;
};

/// `inPerson`: somebody typed the host's name to have it raised, which no file or option can do.
Allowance allowanceOf(TargetClass target, bool inPerson = false);

// What every live run does unless somebody asks for more.
inline constexpr double usualRateOfClient = 1; ///< requests per second
inline constexpr double usualRateInAll = 20;
/// A rollout may be watched without an end at this rate in all.
inline constexpr double unhurried = 1;

} // namespace stickyscope::live
