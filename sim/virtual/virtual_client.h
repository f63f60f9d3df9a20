// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/http/cookie_jar.h"
#include "sim/model/text_table.h"
#include "sim/products/product.h"

#include <cstdint>

namespace stickyscope {

/// One client in virtual time: facts only, moved on by the world.
struct VirtualClient
{
    static constexpr std::uint32_t noJar = 0xffffffff;

    std::uint32_t group = 0; ///< subscript of Scenario::clients
    std::uint32_t jar = noJar; ///< subscript of the world's jars; clients may share one, and one
                               ///< whose group has the jar `none` never changes
    std::uint32_t ordinal = 0; ///< of its next request
    std::uint32_t firstResource = 0; ///< what it asks for, in turn
    std::uint32_t resources = 1;

    // The Cookie field that its jar gives, good while the jar stays as it is.
    std::uint32_t cookieVersion = 0xffffffff;
    std::uint32_t cookieResource = 0xffffffff; ///< for which it was asked
    TextId cookie = noText;
    Instant cookieGoodUntil {};

    TextId carried = noText; ///< what ClientSpec::carries had in the latest answer that had it

    std::uint32_t sinceLogout = 0; ///< answered requests

    // Its session, and who holds the session's state.
    TextId session = noText; ///< its name, where the kind names it in requests
    std::uint32_t sessionAnswered = 0;
    std::uint32_t holderIncarnation = 0;
    ReplicaIndex holder = noReplica;
    bool sessionLost = false; ///< counted as lost already, though the client does not know

    void endSession()
    {
        session = noText;
        sessionAnswered = 0;
        holder = noReplica;
        sessionLost = false;
    }

    // The connection that its requests come on, where connections are placed.
    ReplicaIndex lineTo = noReplica;
    ReplicaIndex lineServer = noReplica; ///< the same, as its balancer counts
    std::uint32_t lineIncarnation = 0;
    std::uint32_t lineLeft = 0; ///< requests that it is still good for

    // The same, where a balancer's name for its client is good for a connection.
    TextId name = noText;
    std::uint32_t namedFor = 0; ///< requests that the connection is still good for

    // Its WebSocket.
    bool connected = false;
    ReplicaIndex connectedTo = noReplica;
    std::uint32_t connection = 0; ///< generation: events of an older one are void
    std::uint32_t handshake = 0; ///< the slot of its request, which is kept until the end
    Instant connectedAt {};
};

/// A request as one balancer has it. Where balancers stand behind one another, each has a view of
/// its own.
struct VirtualVisit
{
    Instant assignedAt {}; ///< to its server, or to it once more
    Recall recall;
    TextId cookie = noText; ///< as it came to this balancer
    TextId issued = noText; ///< see Decision::issued
    TextId ruleBefore = noText; ///< of the balancers in front
    ReplicaIndex server = noReplica; ///< as this balancer counts
    Bound bound {}; ///< how it came to its server
    std::uint8_t balancer = 0; ///< which of all
    bool admitted = false; ///< its balancer is to be told of the answer
    bool waits = false; ///< until a server has room for it
    bool retried = false; ///< after it had failed at a server
    std::uint8_t epoch = 0; ///< of the balancer: an older one's counts are gone
};

/// One request in flight, with the view of the balancer that has it now.
struct VirtualRequest : VirtualVisit
{
    Instant sentAt {};
    /// Of its service; while its replica is paused, as if it had been paused at the beginning.
    Instant endsAt {};
    Duration servedAfter {}; ///< from when its replica got it to the answer's beginning
    Duration tail {}; ///< from there to the answer's end
    ClientIndex client = noClient;
    std::uint32_t ordinal = 0;
    std::uint32_t attempt = 0;
    std::uint32_t incarnation = 0; ///< of the replica when it served
    std::uint32_t generation = 0; ///< counts the uses of this slot, and what voids its events
    TextId sentCookie = noText; ///< by its client
    TextId carried = noText; ///< likewise: what stands in the header that it carries
    TextId toCarry = noText; ///< in that header of the answer
    TextId session = noText; ///< that it names: see SessionPlace
    TextId begins = noText; ///< the session that its answer begins, likewise
    TextId ownCookie = noText; ///< that the application sets
    TextId setCookie = noText;
    TextId rule = noText;
    ReplicaIndex replica = noReplica;
    ReplicaIndex pointsTo = noReplica; ///< the replica that its cookie names
    std::uint16_t status = 0;
    CookieIn cookieIn {};
    CookieOut cookieOut {};
    Ledger ledger {};
    Failure failure {};
    bool underWay = false; ///< and no answer is on its way back
    bool cut = false; ///< a balancer that it came through has dropped it
    bool extra = false; ///< of a burst: nothing follows it
    bool upgrades = false; ///< asks for a WebSocket
    bool isPrivate = false; ///< the answer says that no cache may keep it

    AnswerEnd end() const
    {
        const bool lacks = failure == Failure::truncatedAnswer;
        return lacks ? AnswerEnd::brokenOff : AnswerEnd::whole;
    }
};

} // namespace stickyscope
