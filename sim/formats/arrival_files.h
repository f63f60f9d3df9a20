// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace stickyscope {

/// The names of the trace files that a scenario's client groups name, also in its lanes; each once.
std::vector<std::string> arrivalFilesOf(const Scenario& scenario);

/// The scenario with the times that stand in those files, which are in `folder`, its own. Called
/// when it is run, never when it is opened. The error is one line, such as "arrivals.txt: there is
/// no such file" or that of readArrivals().
Outcome<Scenario> withArrivals(const Scenario& scenario, const std::filesystem::path& folder);

/// One time in seconds a line, none earlier than the one before; empty lines and those that begin
/// with # are passed over. The error begins with "name:line:column: ".
Outcome<std::vector<Duration>> readArrivals(std::string_view text, std::string_view name);

} // namespace stickyscope
