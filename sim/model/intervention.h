// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stickyscope {

/// What anybody may ask of a running world. A scenario's timeline is interventions with a time.
struct Intervention
{
    enum class Kind : std::uint8_t
    {
        stopReplica, ///< at once: its sessions in memory are gone, its connections closed
        startReplica, ///< empty memory; also ends draining
        drainReplica, ///< keeps the clients bound to it, takes no fresh ones
        takeCookies, ///< empties a client's jar
        cutConnections, ///< closes a client's open WebSockets; it comes back
    };

    Kind kind {};
    ReplicaIndex replica = noReplica; ///< of the first three
    ClientIndex client = noClient; ///< of the others; noClient means every client

    bool operator==(const Intervention&) const = default;
};

inline constexpr std::size_t interventionKinds = 5;

/// As a timeline writes it: "stop", "start", "drain", "take-cookies", "cut".
std::string_view nameOf(Intervention::Kind kind);

} // namespace stickyscope
