// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/parse.h"
#include "sim/lab/proxy_limits.h"
#include "sim/lab/replica_limits.h"

#include <string>
#include <vector>

namespace stickyscope::cli {

/// Adds the option --NAME for limits, as "connections=6000", to `texts`; `whose`: "What a replica".
template <typename Limits>
void addLimitOption(CLI::App& app, const std::string& name, const std::string& whose,
                    std::vector<std::string>& texts);

/// Sets limits by their names: "connections=6000", "request-body=64MiB", "head-time=5s". One line
/// that says what is wrong and what is allowed, of the option --NAME; or an empty text.
template <typename Limits>
std::string setLimits(Limits& limits, const std::string& name,
                      const std::vector<std::string>& texts);

} // namespace stickyscope::cli
