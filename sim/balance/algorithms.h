// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/model/settings.h"

#include <span>
#include <string_view>

namespace stickyscope {

/// Makes an algorithm for these replicas, with its own luck at the start.
using AlgorithmMaker = std::unique_ptr<BalancingPolicy>(const ReplicaSet& replicas,
                                                        const Chance& chance,
                                                        const Settings& settings);

/// One algorithm. Its id is what products call it within Stickyscope; each product's row says
/// under which name its own configuration knows it. Products whose rules are equal share one.
struct Algorithm
{
    std::string_view id;
    std::string_view title; ///< in the window
    std::string_view explanation; ///< one sentence, shown on hover
    AlgorithmMaker* make;
    bool hashes = false; ///< places by the pick's key: equal keys go to the same replica
};

/// All algorithms; a new one is a file of its own and a row here.
std::span<const Algorithm> algorithms();
/// Null where there is none of this id.
const Algorithm* findAlgorithm(std::string_view id);

// The makers, with the settings that they read.
AlgorithmMaker makeApacheByBusyness;
AlgorithmMaker makeApacheByRequests;
AlgorithmMaker makeApacheByTraffic;
AlgorithmMaker makeCaddyHash;
AlgorithmMaker makeCaddyRandomChoose; ///< choose (2)
AlgorithmMaker makeCaddyRoundRobin;
AlgorithmMaker makeCaddyWeightedRoundRobin;
AlgorithmMaker makeCaddyXxHash;
AlgorithmMaker makeEarliestDeadlineFirst;
AlgorithmMaker makeEnvoyLeastRequest; ///< choice-count (2), active-request-bias (1.0), full-scan
AlgorithmMaker makeEnvoyMaglev; ///< table-size (65537), a prime number
AlgorithmMaker makeEnvoyRingHash; ///< minimum-ring-size (1024), maximum-ring-size (8388608)
AlgorithmMaker makeEnvoyRoundRobin;
AlgorithmMaker makeFastWeightedLeastConnections;
AlgorithmMaker makeFastWeightedRoundRobin;
AlgorithmMaker makeFirst;
AlgorithmMaker makeFirstAlphabetical;
/// hash-type ("map-based", "consistent"), hash-function ("sdbm", "djb2", "wt6", "crc32"),
/// avalanche, hash-balance-factor (percent; consistent only)
AlgorithmMaker makeHaproxyHash;
AlgorithmMaker makeHaproxyRandom; ///< draws (2)
AlgorithmMaker makeHaproxySource; ///< as makeHaproxyHash
AlgorithmMaker makeHaproxyStaticRoundRobin;
AlgorithmMaker makeIngressNginxChash;
AlgorithmMaker makeIngressNginxEwma;
AlgorithmMaker makeLeastConnections;
AlgorithmMaker makeNginxHash;
AlgorithmMaker makeNginxHashConsistent;
AlgorithmMaker makeNginxIpHash;
AlgorithmMaker makeNginxLeastConn; ///< max-fails (1)
AlgorithmMaker makeNginxLeastTime; ///< max-fails (1), fail-timeout (10 s), inflight
AlgorithmMaker makeNginxRandom;
AlgorithmMaker makeNginxRandomTwo;
AlgorithmMaker makeNginxRoundRobin; ///< max-fails (1)
AlgorithmMaker makeNginxStickyModuleNg; ///< max-fails (1)
AlgorithmMaker makePeakEwma; ///< decay (10 s)
AlgorithmMaker makePowerOfTwoChoices;
AlgorithmMaker makeRoundRobin;
AlgorithmMaker makeSmoothWeightedRoundRobin;
AlgorithmMaker makeSpringRoundRobin;
AlgorithmMaker makeTraefikHrw;
AlgorithmMaker makeTraefikLeastTime;
AlgorithmMaker makeUniformRandom;
AlgorithmMaker makeWeightedRandom;

} // namespace stickyscope
