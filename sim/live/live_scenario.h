// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/live/live_plan.h"
#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <vector>

namespace stickyscope::live {

/// What is the user's to say beside the scenario.
struct LiveChoices
{
    std::string permitted; ///< a host beyond this machine that may be tested
    std::string stickyName; ///< found where empty
    bool faster = false; ///< clients may ask more often than once a second
    std::vector<http::CookieJar> jars; ///< of each group of clients, from its cookie file
};

/// The plans of a scenario's lanes against its target: its clients, paths, jars and pauses. Its
/// replicas and balancer are those of the real service, and not looked at. One line where it
/// cannot be: without a target, or where the timeline or a lane asks for what only a model can.
Outcome<std::vector<LivePlan>> plansFor(const Scenario& scenario, const LiveChoices& choices);

} // namespace stickyscope::live
