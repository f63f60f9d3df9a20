// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/live/replica_identity.h"
#include "sim/live/sticky_cookie.h"
#include "sim/model/observation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::live {

/// How the requests of a probe differ.
enum class ProbeGroup : std::uint8_t
{
    fresh, ///< a new connection, no cookie
    ownJar, ///< a new connection, one jar that behaves as a browser's
    replayed, ///< a new connection, the first cookies copied by hand
    sameConnection, ///< one connection, no cookie
};

/// One answer of a probe.
struct ProbeAnswer
{
    ProbeGroup group {};
    Failure failure = Failure::none;
    std::string why; ///< of the failure
    int status = 0;
    std::string replica; ///< empty where nobody knows
    bool connectionKept = false; ///< it went over the connection of the one before
    std::string stickySent; ///< the sticky cookie's value that was sent, and that was set
    std::string stickySet;
    Duration latency {};
};

/// All that a probe has seen.
struct ProbeEvidence
{
    http::Url url;
    std::vector<ProbeAnswer> answers; ///< in the order of sending
    std::string identitySource; ///< of the replicas' names
    std::optional<StickyProposal> sticky;
    std::string stickyUnseen; ///< the name that the user gave, where no answer set such a cookie
    std::optional<http::CookieFate> received; ///< what the jar did with the sticky cookie
    std::optional<http::CookieFate> sent; ///< and whether it would send it again
    bool cookiesSeen = false;
    bool interrupted = false; ///< before all was asked
    bool keepAlive = false; ///< each way of asking kept its connection
    std::chrono::seconds leftAlone {0}; ///< the service asked for this pause (Retry-After)
};

struct Verdict
{
    enum class Kind : std::uint8_t
    {
        stickyByCookie,
        notSticky,
        connectionOnly,
        cookieNotReturned,
        oneReplica,
        cannotTell,
        nothingAnswered,
    };

    Kind kind {};
    std::string sentence;
};

/// What the evidence says, in one sentence that claims no more. A balancer's own errors and
/// failed requests are never evidence.
Verdict judge(const ProbeEvidence& evidence);

/// A 404, 502, 503 or 504 that nobody has signed is the balancer's own, and a failure of a kind of
/// its own. `signedByReplica`: it names its replica, or, for a 404, sets a sticky cookie, which a
/// balancer without a route does not.
Failure balancersOwn(Failure failure, int status, bool signedByReplica);

/// The likely cause of a failure, and the line that mends it; empty where none is known.
std::string likelyCause(const http::Url& url, Failure failure, int status);

} // namespace stickyscope::live
