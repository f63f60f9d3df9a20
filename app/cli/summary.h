// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/result.h"

#include <string>

namespace stickyscope::cli {

/// A result as a table for people: one column a lane.
std::string summaryOf(const ExperimentResult& result);

} // namespace stickyscope::cli
