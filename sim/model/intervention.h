// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/model/instant.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stickyscope {

/// What anybody may ask of a running world. A scenario's timeline is interventions with a time.
struct Intervention
{
    /// The numbers are part of the record format: add at the end.
    enum class Kind : std::uint8_t
    {
        stopReplica, ///< at once: its sessions in memory are gone, its connections closed
        startReplica, ///< empty memory; also ends draining and faults
        drainReplica, ///< keeps the clients bound to it, takes no fresh ones
        takeCookies, ///< empties a client's jar
        cutConnections, ///< closes a client's open WebSockets; it comes back
        reloadBalancer, ///< reads its configuration anew, as its product does
        restartBalancer, ///< drops all connections, and all that it remembers
        // Faults of replicas; replica_faults.h says what each does.
        latency,
        bandwidth,
        blackHole,
        reset,
        limitData,
        pause,
        slowStart,
        errors,
        crash,
        flood,
        resume, ///< ends a pause
        mend, ///< ends every fault of a replica that runs
        scaleToZero, ///< all replicas stop, and the balancers are told at once
        tamperCookies, ///< changes the value of each cookie in a client's jar
        shareCookies, ///< a client's jar becomes a copy of that of the client `from`
        expireCookies, ///< a client's jar loses those that would expire some day
        closeBrowser, ///< a client's jar loses those that have no expiry
        deleteStickyCookie, ///< a client's jar loses the balancers' own cookies
        slicer, ///< a fault of replicas, as is the next
        slowClose,
        swapCookies, ///< a client and the client `from` change the balancers' cookies with each
                     ///< other
        setWeight, ///< the balancers' configuration gives a replica another weight, at once
        removeReplica, ///< it stops, and the balancers are told at once; `start` brings it back
        rollingUpdate, ///< all replicas are replaced, one after the other: see rolling_update.h
    };

    Kind kind {};
    ReplicaIndex replica = noReplica; ///< of those of replicas; noReplica means every replica
    ClientIndex client = noClient; ///< of those of clients; noClient means every client
    std::uint8_t balancer = 0; ///< of those of balancers: 0 is the one in front, 1 the next
    ClientIndex from = noClient; ///< shareCookies, swapCookies: the other client
    std::uint16_t status = 0; ///< errors: what is answered
    Duration lasts {}; ///< a fault's; zero: until `start` or `mend`
    /// slicer: between two pieces; slowClose: from the answer to the close; latency: what is
    /// added...
    Duration time {};
    Duration jitter {}; ///< ...and by how much that may be less or more
    /// bandwidth: octets a second; limitData: octets; slicer: octets of a piece; flood:
    /// connections; reset, errors: how many of a million requests; slowStart: thousandths of the
    /// usual service time at the beginning; setWeight: the weight, 0 to 1000.
    std::int64_t amount = 0;

    bool operator==(const Intervention&) const = default;
};

inline constexpr std::size_t interventionKinds = 31;

/// Whether it is about a client, or clients; else about replicas, or a balancer.
bool isOfClients(Intervention::Kind kind);

/// Whether it is about a client and another one, `from`.
bool isOfTwoClients(Intervention::Kind kind);

/// Whether it is about a balancer.
bool isOfBalancer(Intervention::Kind kind);

/// As a timeline writes it: "stop", "start", "drain", "take-cookies", "cut", "latency", ...
std::string_view nameOf(Intervention::Kind kind);

} // namespace stickyscope
