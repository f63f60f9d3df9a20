// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/lab_options.h"
#include "app/cli/live_options.h"
#include "app/cli/parse.h"
#include "sim/formats/assertion.h"
#include "sim/model/result.h"

#include <optional>
#include <string>
#include <vector>

namespace stickyscope::cli {

/// What `stickyscope run` was asked for.
struct RunOptions
{
    std::string file;
    std::string world = "virtual";
    std::string sticky;
    std::string duration;
    std::optional<std::uint64_t> seed;
    std::string json;
    bool trace = false;
    std::string record;
    std::vector<std::string> assertions;
    LiveOptions live;
    LabOptions lab;
    bool againstModel = false; ///< the model of the same beside the lab

    bool isLive() const { return world == "live"; }
    bool isLab() const { return world == "lab"; }
    /// On sockets, by the wall clock.
    bool isReal() const { return isLive() || isLab(); }
};

/// Writes and prints what was asked for; the exit status.
int report(const ExperimentResult& result, const RunOptions& options,
           const std::vector<Assertion>& assertions);
/// Whether each assertion names something of the result; said before a run that may be long.
bool understood(const std::vector<Assertion>& assertions, const ExperimentResult& result);

/// Whether the file is a recording, not a scenario.
bool isRecorded(const std::string& file);
/// Plays it to its end; the exit status.
int playRecording(const CLI::App& app, const RunOptions& options,
                  const std::vector<Assertion>& assertions);

} // namespace stickyscope::cli
