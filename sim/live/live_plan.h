// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/allowance.h"
#include "sim/live/live_recorder.h"
#include "sim/live/pacer.h"
#include "sim/live/replica_identity.h"
#include "sim/live/session_rule.h"
#include "sim/live/statistics_reader.h"
#include "sim/live/target.h"
#include "sim/model/chance.h"
#include "sim/model/scenario.h"

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::live {

/// What a WebSocket client does while it is open.
struct SocketPlan
{
    /// Sent with "{n}" replaced by the message's number, "{ms}" by the milliseconds since 1970 and
    /// "{client}" by the client's name. Nothing else in braces is touched, for JSON's sake.
    std::string message = R"({"topic": "{ms}"})";
    SendRule send = SendRule::afterAnswer;
    Duration pause = std::chrono::milliseconds(500); ///< afterAnswer: before the next; every: apart
    /// How long a connection stays; without one it ends as soon as it is known who answered.
    std::optional<Distribution> lifetime;
};

/// The message as it is sent.
std::string filledIn(const std::string& message, std::uint32_t number, std::int64_t milliseconds,
                     const std::string& client);

/// As many requests on one connection as the other side takes.
inline constexpr int alwaysKept = std::numeric_limits<int>::max();
/// A REST or gRPC caller keeps its connection, whatever is said; others where they are told to.
int keepAliveOf(const ClientSpec& spec);
/// What they send of their own accord is added to the target's: fields, and the Cookie among them
/// to the cookies given by hand, which go in one field with the jar's.
void addHeaders(Target& target, const ClientSpec& spec);

/// Clients that are alike.
struct LiveGroup
{
    std::string name = "client";
    ClientKind kind = ClientKind::browser;
    int count = 6;
    JarKind jar = JarKind::own;
    Target target; ///< what they ask for...
    std::vector<Target> turns; ///< ...or these in turn, of the same origin
    http::RequestContext context; ///< of the page that sends
    bool stripsQuotes = false; ///< see ClientSpec
    std::string carries; ///< likewise
    int keepAlive = 1; ///< requests of a client on one connection
    int requests = 0; ///< of each client; 0: until the run is stopped
    /// Between an answer (or a connection's end) and the next request, or, `open`, between two
    /// requests; then a client still waits for its answer.
    Distribution pause {.shape = Distribution::Shape::uniform,
                        .mean = std::chrono::seconds(1),
                        .least = std::chrono::milliseconds(500),
                        .most = std::chrono::milliseconds(1500)};
    bool open = false;
    SocketPlan socket; ///< of the kind websocket
    // Where requests are marked:
    int sessionRequests = 0; ///< answered requests of a session; 0: no end
    int upgradeAfter = 0; ///< see ClientSpec; then it speaks Engine.IO
    std::optional<LogoutSpec> logout;

    /// What the request of this ordinal asks for.
    const Target& targetOf(std::uint32_t ordinal) const
    {
        return turns.empty() ? target : turns[ordinal % turns.size()];
    }
};

/// What one lane does with a real service.
struct LivePlan
{
    std::vector<LiveGroup> groups;
    IdentityRule identity;
    /// Asked with the same jar where nothing else names the replica.
    std::optional<Target> identify;
    /// Where the balancer's own statistics are, to be compared with what the clients met.
    std::optional<StatisticsSource> statistics;
    std::vector<SessionRule> sessionRules; ///< without any, sessions are not visible
    bool withholdSticky = false; ///< the sticky cookie alone is not sent; all others are
    std::string stickyName; ///< found from what is set where empty
    std::uint64_t seed = 1; ///< of the pauses
    /// The replicas are our own, and told whose request it is (request_marks.h).
    bool marksRequests = false;

    /// Of the first group: what is shown and asked for as "the service".
    const Target& target() const { return groups.front().target; }
};

/// What the lanes of one run have in common.
struct LiveShared
{
    std::function<Instant()> clock;
    std::function<WallSeconds()> wall; ///< by which cookies expire; the machine's where null
    std::shared_ptr<Pacer> pacer;
    std::shared_ptr<ReplicaRoster> roster = std::make_shared<ReplicaRoster>();
};

} // namespace stickyscope::live
