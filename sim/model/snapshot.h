// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/result.h"
#include "sim/model/world.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// Requests that ended within one stretch of time.
struct ShareCell
{
    std::vector<std::uint32_t> answered; ///< by ReplicaIndex
    std::vector<std::uint32_t> errors; ///< of these, with a status of 500 or more
    std::vector<std::uint32_t> failedAt; ///< without an answer, by the replica last asked
    std::uint32_t failed = 0; ///< without an answer, whoever was asked
    std::uint32_t strayErrors = 0; ///< answered with a status of 500 or more, by nobody known

    void merge(const ShareCell& later);
};

/// What one client met in one stretch of time: the last answer, and whether any was broken.
struct TimelineCell
{
    ReplicaIndex replica = noReplica;
    bool broken = false;
    bool failed = false; ///< any had no answer, or an error for one
    bool endsFailed = false; ///< the last one

    void merge(const TimelineCell& later);
};

/// One stretch of time, by client.
struct TimelineColumn : std::vector<TimelineCell>
{
    void merge(const TimelineColumn& later);
};

/// One answer (or failure) in a client's trail.
struct TrailCell
{
    ReplicaIndex replica = noReplica;
    bool broken = false;
    bool failed = false;
    std::uint32_t ordinal = 0; ///< of the client's requests
    // What its last observation told:
    Duration latency {};
    TextId rule = noText; ///< why it went there, or why it failed; where somebody knows
    ReplicaIndex pointsTo = noReplica; ///< the replica that its cookie named
    std::uint16_t status = 0; ///< of HTTP
    Ledger ledger {};
    CookieOut cookieOut {};
    Failure failure {};
};

/// A request that is on its way, as the stage draws it.
struct Flight
{
    enum class Leg : std::uint8_t
    {
        toBalancer,
        toReplica,
        back
    };

    ClientIndex client = noClient;
    std::uint32_t ordinal = 0;
    Leg leg = Leg::toBalancer;
    Instant since {}; ///< when this leg began
    Duration lasts {}; ///< how long it takes; zero where unknown
    ReplicaIndex pointsTo = noReplica; ///< the replica that its cookie names
    ReplicaIndex replica = noReplica; ///< where the balancer sent it
    CookieIn cookieIn {};
    bool failed = false;
    TextId rule = noText;
    std::vector<std::uint8_t> via; ///< the cast's balancers that it came through; empty for one
};

/// The sticky cookie of one of several balancers, in a client's jar.
struct HeldCookie
{
    std::uint8_t balancer = 0; ///< whose it is, by its place in the cast
    ReplicaIndex replica = noReplica; ///< that it names, or...
    std::uint8_t names = noBalancer; ///< ...the balancer
};

/// One client as the stage draws it.
struct ClientPicture
{
    std::vector<TrailCell> trail; ///< the newest last; at most ClientPicture::longestTrail
    ReplicaIndex cookie = noReplica; ///< that its sticky cookie names, as far as it was seen
    // Where there are several balancers:
    std::vector<HeldCookie> held; ///< each one's
    std::vector<std::uint8_t> asked; ///< those that it has sent requests to, ascending
    std::vector<std::uint8_t> via; ///< those that its newest answer came through
    ReplicaIndex connected = noReplica; ///< of its open WebSocket
    /// How its last WebSocket ended: close code (0: none has) and reason.
    std::pair<std::uint16_t, TextId> closed {0, noText};

    static constexpr std::size_t longestTrail = 64;
};

enum class ReplicaState : std::uint8_t
{
    running,
    draining,
    stopped
};

struct ReplicaPicture
{
    ReplicaState state = ReplicaState::running;
    bool noticedDown = false; ///< the balancer has marked it down
    std::uint32_t inService = 0; ///< requests given to it that have not left it
    std::uint32_t openConnections = 0;
    std::vector<Intervention> faults; ///< that are wrong with it, with their settings
    std::optional<int> weight; ///< as the balancer has it now; absent where nobody knows
};

/// Something to mark on every time axis: "server-2 stopped".
struct Mark
{
    Instant at {};
    std::string text;
};

/// One lane at one moment.
struct LaneSnapshot
{
    LaneResult result;
    std::shared_ptr<const Cast> cast;
    InterventionSet can; ///< what may be asked: all lanes hear it, and each can do it
    Duration shareWidth {};
    std::vector<ShareCell> share;
    Duration timelineWidth {};
    std::vector<TimelineColumn> timeline; ///< of the first 1,000 clients
    std::vector<ClientPicture> clients; ///< likewise
    std::vector<ReplicaPicture> replicas;
    std::vector<Flight> flights;
    std::vector<Mark> marks;
    std::vector<std::string> rules; ///< texts that flights and clients refer to, by TextId
};

/// What can be shown of an experiment at one moment. Immutable once handed over.
struct Snapshot
{
    Instant now {};
    bool finished = false;
    ExperimentResult result; ///< `lanes` is empty: each lane's stands in its own snapshot
    std::vector<LaneSnapshot> lanes;
};

} // namespace stickyscope
