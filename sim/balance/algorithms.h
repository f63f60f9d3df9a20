// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/model/settings.h"

#include <span>
#include <string_view>

namespace stickyscope {

/// One algorithm. Its id is what products call it within Stickyscope; each product's row says
/// under which name its own configuration knows it.
struct Algorithm
{
    std::string_view id;
    std::string_view title; ///< in the window
    std::string_view explanation; ///< one sentence, shown on hover
    std::unique_ptr<BalancingPolicy> (*make)(const ReplicaSet& replicas, const Chance& chance,
                                             const Settings& settings);
    bool hashes = false; ///< places by the pick's key: equal keys go to the same replica
};

/// All algorithms; a new one is a file of its own and a row here.
std::span<const Algorithm> algorithms();
/// Null where there is none of this id.
const Algorithm* findAlgorithm(std::string_view id);

// One maker for each file in this folder.
std::unique_ptr<BalancingPolicy> makeEarliestDeadlineFirst(const ReplicaSet&, const Chance&,
                                                           const Settings&);
std::unique_ptr<BalancingPolicy> makePowerOfTwoChoices(const ReplicaSet&, const Chance&,
                                                       const Settings&);
std::unique_ptr<BalancingPolicy> makeFastWeightedRoundRobin(const ReplicaSet&, const Chance&,
                                                            const Settings&);
std::unique_ptr<BalancingPolicy> makeFastWeightedLeastConnections(const ReplicaSet&, const Chance&,
                                                                  const Settings&);
std::unique_ptr<BalancingPolicy> makeRoundRobin(const ReplicaSet&, const Chance&, const Settings&);
std::unique_ptr<BalancingPolicy> makeUniformRandom(const ReplicaSet&, const Chance&,
                                                   const Settings&);

} // namespace stickyscope
