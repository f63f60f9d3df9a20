// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <string>

namespace stickyscope {

/// A scenario as a file, laid out as the shipped ones: one replica, client group, entry and lane a
/// line, and of each only what differs from the default. readScenario() makes the same scenario
/// of it, to the nanosecond. Ends with a newline.
std::string writeScenario(const Scenario& scenario);

} // namespace stickyscope
