// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"
#include "sim/model/observation.h"
#include "sim/model/reconciliation.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

using Count = std::uint64_t;

/// The affinity ledger has one of two sets of keys, according to what the world can see.
enum class LedgerKind : std::uint8_t
{
    decided,
    inferred
};

struct ReplicaResult
{
    std::string name;
    Count requests = 0; ///< answered by it
    std::optional<double> share; ///< of all answered; absent while nothing is
    std::array<Count, ledgerKeys> ledger {};
};

struct ClientResult
{
    std::string name;
    std::string kind;
    Count requests = 0;
    Count failed = 0; ///< of them
    Count errors = 0; ///< of those that were answered, see LaneResult
    Count followUps = 0;
    Count switches = 0;
    Count broken = 0;
    Count lost = 0; ///< sessions
    std::optional<double> stickiness;
    std::vector<Count> replicas; ///< answered, by ReplicaIndex
};

/// All clients of one kind together.
struct KindResult
{
    std::string kind;
    Count clients = 0;
    Count requests = 0;
    Count answered = 0;
    Count followUps = 0;
    Count switches = 0;
    std::optional<double> stickiness;
    std::optional<Count> broken; ///< absent where the world cannot see sessions
    std::optional<Count> lost; ///< sessions; likewise
};

/// In milliseconds; absent while nothing is answered.
struct LatencyResult
{
    double mean = 0;
    double p50 = 0;
    double p95 = 0;
    double p99 = 0;
};

/// How evenly the answered requests are spread over all replicas; absent while nothing is.
struct ImbalanceResult
{
    double busiestOverMean = 1;
    double cv = 0; ///< coefficient of variation (population)
    double jain = 1; ///< Jain's index: 1 is even, 1/n is all on one
};

/// The measures of one lane at one moment, each as docs/measures.md defines it.
struct LaneResult
{
    std::string name;
    bool sticky = false;
    Duration duration {};
    Count requests = 0;
    Count answered = 0;
    Count failed = 0;
    Count errors = 0; ///< of the answered: a replica's own status of 500 or more
    Count unidentified = 0;
    Count followUps = 0;
    std::optional<double> stickiness;
    Count switches = 0;
    std::optional<Count> broken; ///< absent where the world cannot see sessions
    std::optional<double> met;
    Count sessionsBegun = 0;
    std::optional<Count> sessionsLost;
    Count sessionsLostByStop = 0; ///< of the lost: their replica stopped
    Count messages = 0;
    Count cookiesSet = 0; ///< answers with one at least
    /// Those with more than one of the balancer's name; absent where decisions are not seen.
    std::optional<Count> severalCookies;
    std::optional<ImbalanceResult> imbalance;
    std::optional<LatencyResult> latency;
    std::array<Count, failureKinds> failures {};
    LedgerKind ledgerKind = LedgerKind::decided;
    std::vector<ReplicaResult> replicas;
    std::vector<ClientResult> clients;
    std::vector<KindResult> kinds; ///< in the order in which they appear among all clients
    std::map<std::uint16_t, Count> closes; ///< of WebSockets, by close code
    /// What balancer and replicas counted beside the clients; absent where nobody else counts.
    std::optional<Reconciliation> reconciliation;
};

/// One ratio of two lanes that ran the same clients, such as a replica's share: by how much the
/// second differs from the first.
struct AgreementRow
{
    std::string name; ///< "stickiness", or the replica whose share it is
    double model = 0;
    double real = 0;
    double low = 0; ///< 95 % interval of real - model
    double high = 0;
    bool ofReplica = false; ///< `name`'s share; else of requests that stayed
    double p = 1; ///< how likely chance alone brings as much, all rows of the table considered
};

/// Whether the real lane does as the model, judged client by client (docs/measures.md).
struct AgreementResult
{
    Count clients = 0; ///< that were answered in both lanes
    std::vector<AgreementRow> rows; ///< none while there are too few clients to tell
    bool moreThanChance = false; ///< in any row
};

/// The difference of the first two lanes, in words that claim no more than was seen.
struct ComparisonResult
{
    std::optional<double> stickinessDifference;
    std::string sentence;
    std::optional<AgreementResult> agreement; ///< where the first is the model of the second
};

/// The world of an experiment whose first lane is the model, and whose second is the same on real
/// sockets.
inline constexpr std::string_view modelAndLab = "virtual, lab";

struct ExperimentResult
{
    std::optional<std::string> scenario;
    std::optional<std::uint64_t> seed;
    std::string world;
    std::optional<std::string> trace; ///< SHA-256 of the observations, where asked for
    std::vector<LaneResult> lanes;
    std::optional<ComparisonResult> comparison;
};

} // namespace stickyscope
