// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/model/instant.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace stickyscope {

/// What an observation tells. The numbers are part of the record format: add at the end.
enum class ObservationKind : std::uint8_t
{
    sent = 0, ///< a client sent a request; value: travel time to the balancer
    placed = 1, ///< the balancer gave it to a replica; cookieIn and rule say why
    served = 2, ///< the replica's answer is on its way back; value: travel time to the client
    answered = 3, ///< the client has a replica's complete response; value: latency
    failed = 4, ///< the request ended without one; value: latency
    opened = 5, ///< a WebSocket is open
    closed = 6, ///< it is closed; status: close code; value: how long it was open
    message = 7, ///< the client has the answer to a message on an open WebSocket
    sessionLost = 8, ///< a session's state is gone: broken follow-up, or its replica stopped
    replicaStopped = 9,
    replicaStarted = 10,
    replicaDraining = 11,
    noticedDown = 12, ///< the balancer's health check marks a replica down
    noticedUp = 13,
    rollingUpdate = 14, ///< one begins
    rollingUpdateEnds = 15, ///< its last server is there
};
inline constexpr std::size_t observationKinds = 16;

/// The sticky cookie (or what stands for it) that came in with a request. The ledger's keys in
/// worlds that see decisions (HAProxy's log flags are the model: configuration.txt 8.5).
enum class CookieIn : std::uint8_t
{
    none = 0,
    valid = 1, ///< names a usable replica: the request is bound to it
    unknown = 2, ///< names nobody
    down = 3, ///< names a replica that is marked down
    draining = 4, ///< names a draining replica, and is honoured
    expired = 5,
    refused = 6, ///< read, but not accepted (full, not allowed)
};
inline constexpr std::size_t cookieInStates = 7;

/// The sticky cookie that went out with the answer.
enum class CookieOut : std::uint8_t
{
    none = 0,
    inserted = 1,
    refreshed = 2,
    rewritten = 3,
    deleted = 4,
    passedOn = 5,
    several = 6, ///< of one name: a retried request's answer has those of all attempts
    notKept = 7, ///< any of those that set one, where the client will not return it
};
inline constexpr std::size_t cookieOutStates = 8;

/// What brought a request to its replica; the affinity ledger's columns (worlds that see
/// decisions, `decided`, and worlds that do not, `inferred`).
enum class Ledger : std::uint8_t
{
    valid,
    fresh,
    down,
    draining,
    unknown,
    expired,
    refused,
    hash,
    connection,
    honoured, ///< inferred: the cookie was sent, and the replica it came from answered
    replaced, ///< inferred: the cookie was sent, and another replica answered
    unidentified, ///< inferred: nobody knows who answered
};
inline constexpr std::size_t ledgerKeys = 12;

/// Whether a replica says by its status that something is wrong with it (RFC 9110 15.6).
constexpr bool isServerError(std::uint16_t status)
{
    return status >= 500;
}

/// How an answered request stands to its session.
enum class SessionMark : std::uint8_t
{
    none = 0, ///< belongs to no session
    begins = 1, ///< the first answered request of a session
    met = 2, ///< a follow-up, and the replica has the session's state
    broken = 3, ///< a follow-up, and it has not: the next session begins
    unseen = 4, ///< a follow-up in a world that cannot see the state
};
inline constexpr std::size_t sessionMarks = 5;

/// How a request failed. The names are those of the JSON document's `failures`.
enum class Failure : std::uint8_t
{
    none = 0,
    connectionRefused,
    connectionReset,
    closedWithoutAnswer,
    timedOut,
    unresolved,
    tlsRefused,
    malformedAnswer,
    truncatedAnswer,
    http2Only,
    balancer404,
    balancer502,
    balancer503,
    balancer504,
    handshakeRefused,
    other,
};
inline constexpr std::size_t failureKinds = static_cast<std::size_t>(Failure::other) + 1;

/// One fact about one request, connection or replica: a flat, trivially copyable record.
/// Its byte encoding for digests and recordings is documented in docs/observations.md.
struct Observation
{
    Instant at {};
    Duration value {};
    std::uint32_t ordinal = 0; ///< of the client's requests, from 0
    ClientIndex client = noClient;
    TextId cookie = noText; ///< the Cookie field sent, or the Set-Cookie field received
    TextId rule = noText; ///< which rule of the product or world said so
    ReplicaIndex replica = noReplica;
    ReplicaIndex pointsTo = noReplica; ///< the replica that the client's sticky cookie names
    /// HTTP status, or a WebSocket's close code. Of `sent`, and of `placed` without a replica: the
    /// cast's balancer that it goes to, from 1 (0: there is one alone).
    std::uint16_t status = 0;
    ObservationKind kind {};
    LaneIndex lane {};
    CookieIn cookieIn {};
    CookieOut cookieOut {};
    Ledger ledger {};
    SessionMark session {};
    Failure failure {};
};
static_assert(sizeof(Observation) <= 48);

/// Receives observations in the order in which they happened.
class ObservationSink
{
public:
    virtual ~ObservationSink() = default;
    virtual void observe(std::span<const Observation> observations) = 0;
};

/// The names used in files and documents: "valid", "connection-refused", ...
std::string_view nameOf(ObservationKind kind);
std::string_view nameOf(SessionMark mark);
std::string_view nameOf(CookieIn state);
std::string_view nameOf(CookieOut state);
std::string_view nameOf(Ledger key);
std::string_view nameOf(Failure failure);

} // namespace stickyscope
