// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/virtual/explanation.h"
#include "sim/virtual/request_follower.h"
#include "sim/virtual/virtual_world.h"

#include <string>
#include <vector>

namespace stickyscope {

/// What was run, and the request that was followed there.
struct Followed
{
    const Scenario& scenario;
    const VirtualWorld& world;
    const RequestFollower& request;

    ClientIndex client() const { return request.seen().front().client; }
};

/// The request as the balancer at this place among balancersOf() gets it: those before it have
/// passed it on.
http::RequestHead headAt(std::size_t place, const Followed& run);

/// What each of the balancers made of the request that it came through, in order; empty where one
/// alone had it.
std::vector<ExplainedLevel> levelsOf(const std::vector<BalancerSpec>& balancers,
                                     const Followed& run);

/// The rule that comes last in one that is joined of several balancers' ("... Then: ..."), and
/// where that is written.
void keepLastRule(ExplainedAttempt& attempt, const Observation& before, const VirtualWorld& world);

} // namespace stickyscope
