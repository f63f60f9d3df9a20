// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <string_view>

namespace stickyscope {

/// Reads a scenario (resources/scenario.schema.json describes the format). Where it is wrong, the
/// first error in one line: "name:line:column: what is wrong; what is allowed". `name` is the
/// file's, for that line only; nothing is opened.
Outcome<Scenario> readScenario(std::string_view yaml, std::string_view name);

} // namespace stickyscope
