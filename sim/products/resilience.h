// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a product does where servers fail, have enough to do, or have only just come: retries,
// passive checks, circuit breaking, limits, slow start.
#pragma once

#include "sim/model/instant.h"
#include "sim/products/sticky_policy.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace stickyscope {

/// How a replica let a request down.
enum class Fault : std::uint8_t
{
    refused, ///< no connection: stopped, or its queue is full
    reset, ///< the connection broke before the answer
    malformed, ///< what came is no answer in HTTP/1.1
    timedOut, ///< no answer came within Product::answerTimeout
    answered, ///< with a status that its balancer does not pass on
};

/// One failed attempt of a request.
struct Attempt
{
    Fault fault = Fault::refused;
    int number = 0; ///< 0 is the first
    Bound bound = Bound::no; ///< it came to its replica by its cookie
    Duration since {}; ///< the request came to the balancer
    std::size_t replicas = 1; ///< that take fresh requests, this one's apart where it now does not
    int known = 1; ///< all replicas
    bool hashed = false; ///< it came to its replica by its cookie's hash
    bool retried = false; ///< it has failed before, and was tried again
    bool insists = false; ///< see Recall::insists
    bool foundNone = false; ///< no replica took it
    bool replayable = true; ///< all of it is still there to be sent once more
    std::string_view method = "GET";
    int status = 0; ///< of the answer, for Fault::answered
    bool counts = true; ///< for passive checks; not where the balancer has begun anew since
};

/// What a product does next with a request whose replica failed.
struct OnFailure
{
    enum class Action : std::uint8_t
    {
        sameAgain,
        another, ///< the algorithm picks, and avoids the one that failed
        anew, ///< the cookie is asked once more, and then the algorithm, as if it had just come
        giveUp
    };

    Action action = Action::giveUp;
    Duration wait {}; ///< before the next attempt, or the answer
    int status = 502; ///< the balancer's own answer, when it gives up; 0: no answer at all
    const Rule* rule = nullptr;
};

/// Which of a replica's failures count together.
enum class CountedFailures : std::uint8_t
{
    inARow, ///< those since its last success, none more than `within` after the one before
    inARowOfLate, ///< those since its last success that are no older than `within`
    ofLate, ///< those that are no older than `within`, whatever came between; it is out while they
            ///< are too many
    /// All, until it succeeds at a request that came more than `within` after the last of them;
    /// while that one is there, it is left out for the others. Time is counted in whole seconds,
    /// and must have passed by one (nginx: peer->checked).
    untilChecked
};

/// What an answer says of its replica that ends after its head and before its end.
enum class PartAnswer : std::uint8_t
{
    asItsHead, ///< what a whole one of its status says
    nothing,
    fails, ///< that it failed, where the replica broke it off
    failsToo ///< both
};

/// Passive checks: failures that clients met mark a replica down for a while.
struct PassiveCheck
{
    int failures = 0; ///< so many of those that count; 0: there are no passive checks
    CountedFailures counted = CountedFailures::inARow;
    Duration within {}; ///< zero: whenever
    Duration out {}; ///< how long the replica is left out...
    bool untilGood = false; ///< ...or until active checks have found it good, as often as it takes
    bool orGood = false; ///< or, before that, until one has
    /// Only at each such time since the beginning is anybody taken back (Envoy's outlier
    /// detection). There, who was left out before is left out for as often as long, up to
    /// `longest`; each such time that finds it in takes one of those back. Zero: otherwise.
    Duration sweep {};
    Duration longest {}; ///< no less than `out`
    bool whenAsked = false; ///< then only a request that could go there takes it back
    bool frontWhoeverAsks = false; ///< but any one does so that finds none before it that is in
    bool afresh = false; ///< taken back, it needs as many failures once more to be left out
    int largestShare = 100; ///< of all replicas, in hundredths, that may be left out at once
    int errors = 0; ///< likewise: failures, and answers of 500 and above; 0: they do not count
    /// Answers that are failures too, by their statuses.
    std::vector<int> badStatuses {};
    /// Answers that are none, by their statuses, although their requests are tried again.
    std::vector<int> forgivenStatuses {};
    bool allBackAtOnce = false; ///< where all are left out, the next request takes all of them back
    bool refusedAlone = false; ///< of failures only Fault::refused counts
    /// The share of failures within `within` that leaves a replica out; 0: none does.
    double failureRate = 0;
    int leastRequests = 1; ///< within that time, before it counts
    bool notTheOnlyOne = false; ///< where there is but one replica, it is never left out
    PartAnswer partAnswer = PartAnswer::asItsHead;
};

/// What the balancer answers itself, and why.
struct Refusal
{
    const Rule* rule = nullptr;
    int status = 503;
};

/// What is turned away before any server is looked at, and which retries are not made. Nothing is
/// where nothing is set.
struct CircuitBreaking
{
    int mostRequests = 0; ///< at once; 0: any number
    double errorRatio = 1; ///< of 502 and 504 within 10 s, above which it opens; 1: never
    Duration staysOpen {};
    Duration recovers {}; ///< from then on until all are let through
    int mostRetries = 0; ///< of all requests, those at once that are tried again; 0: any number
    Refusal tooMany {};
    Refusal open {};
    Refusal tooManyRetries {};
};

/// How many requests each server may have at once, and what becomes of one beyond.
struct ServerLimit
{
    std::optional<int> most {}; ///< absent: any number
    /// Connections of all servers together, idle ones too: none is closed but where a request
    /// failed. A server that has none gets one all the same. 0: any number.
    int connections = 0;
    int mostRequests = 0; ///< of all servers together, those apart that wait; 0: any number
    /// It waits: a bound one for its server, a fresh one for any. Else a server that is full is
    /// passed over as if it were down.
    bool queues = false;
    int longestQueue = 0; ///< of one server; 0: any length
    int longestQueues = 0; ///< of all servers together; likewise
    bool elsewhere = false; ///< where that queue is too long, or its server is down; else 503
    /// To the algorithm it is with its server already, which has failed where it waits in vain.
    bool taken = false;
    Duration patience {}; ///< how long it waits; zero: for as long as it takes
    int statusInVain = 503; ///< then
    const Rule* waitedThere = nullptr;
    const Rule* waitedForAny = nullptr;
    const Rule* waitedInVain = nullptr;
    const Rule* queueFull = nullptr; ///< 503
    const Rule* tooMany = nullptr; ///< beyond mostRequests: 503
};

/// When fresh requests go to all servers, those that are not fit among them: too few are. Backups
/// and the others are looked at apart. Nothing is where nothing is set.
struct FailOpen
{
    double below = 0; ///< hundredths of the servers that are fit...
    bool whileShort = false; ///< ...and only where all together cannot take all requests
    int fewer = 0; ///< than so many servers that are fit
    bool draining = false; ///< those that drain are servers too
    const Rule* rule = nullptr; ///< for a request that one gets which is not fit

    bool isThere() const { return below > 0 || fewer > 0; }
};

/// How a server that has just come up or joined gets less than its weight.
struct SlowStart
{
    Duration window {}; ///< from nothing to all of it; zero: it has all of it at once
    int least = 0; ///< hundredths of its weight that it has from the beginning
    bool afterPassive = false; ///< also one that passive checks had left out
    bool fromBeginning = false; ///< also all that are there when the balancer begins
};

} // namespace stickyscope
