// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <string>
#include <string_view>

// A balancer that is described by options: read as a scenario's, so that both are judged by the
// same rules.
namespace stickyscope::cli {

/// What is wrong with a product's name and that of its algorithm (empty: its default), in a
/// sentence that names the options; or nothing.
std::string faultInNames(const std::string& product, const std::string& algorithm);

/// "KEY=VALUE,..." as the inner part of a YAML mapping. What is wrong with it is said of `option`,
/// with an example.
Outcome<std::string> pairsAsYaml(std::string_view option, std::string_view text,
                                 std::string_view example);

/// A scenario of these replicas and this balancer, the inner parts of YAML's [] and {}.
Outcome<Scenario> scenarioOfOptions(const std::string& replicas, const std::string& balancer);

} // namespace stickyscope::cli
