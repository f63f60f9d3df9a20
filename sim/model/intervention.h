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
        reloadBalancer, ///< reads its configuration anew, as its product does
        restartBalancer, ///< drops all connections, and all that it remembers
    };

    Kind kind {};
    ReplicaIndex replica = noReplica; ///< of the first three
    ClientIndex client = noClient; ///< of the next two; noClient means every client
    std::uint8_t balancer = 0; ///< of the last two: 0 is the one in front, 1 the next

    bool operator==(const Intervention&) const = default;
};

inline constexpr std::size_t interventionKinds = 7;

/// As a timeline writes it: "stop", "start", "drain", "take-cookies", "cut", "reload", "restart".
std::string_view nameOf(Intervention::Kind kind);

} // namespace stickyscope
