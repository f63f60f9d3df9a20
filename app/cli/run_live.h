// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/live_options.h"
#include "sim/experiment/experiment.h"
#include "sim/live/live_plan.h"

#include <memory>
#include <vector>

namespace stickyscope::cli {

/// The lanes of a scenario against its real target; one line where they cannot be.
Outcome<std::vector<live::LivePlan>> livePlansFor(const Scenario& scenario,
                                                  const LiveOptions& options,
                                                  const std::vector<http::CookieJar>& jars);

/// Ready to run; its traffic begins with the first advance and ends with it.
Experiment makeLive(std::vector<live::LivePlan> plans,
                    const std::shared_ptr<const Scenario>& scenario, const LiveOptions& options,
                    std::shared_ptr<RecordingSink> recording, bool trace);
/// What its clients ask for, a line for each group.
std::string addressesOf(const live::LivePlan& plan);

} // namespace stickyscope::cli
