// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/live_options.h"
#include "sim/live/live_plan.h"
#include "sim/measure/lane_measures.h"

#include <string>
#include <vector>

namespace stickyscope::cli {

/// What `stickyscope probe` was asked for.
struct ProbeOptions
{
    std::string target;
    int clients = 10;
    std::string jar = "own";
    int requests = 20;
    std::string webSocketPath;
    std::string message = live::SocketPlan {}.message;
    int reconnects = 0;
    std::vector<std::string> headers;
    bool once = false;
    bool keepAlive = false;
    std::string json;
    bool noRequestId = false;
    bool messageGiven = false;
    bool exactRun = false; ///< any option that asks for a run of its own
    LiveOptions live;
};

/// Clients that go on asking, with their figures; the exit status.
int runClients(const ProbeOptions& options, const live::Target& target, const LiveRules& rules);

/// A result of one lane.
ExperimentResult resultFor(const std::string& lane, bool sticky, const LaneMeasures& measures,
                           const Cast& cast, Duration duration);
/// Writes the document that was asked for; the exit status.
int finishProbe(const ExperimentResult& result, const ProbeOptions& options);
/// What curl's -c asks for.
void writeCookies(const live::Target& target, const http::CookieJar& jar);

} // namespace stickyscope::cli
