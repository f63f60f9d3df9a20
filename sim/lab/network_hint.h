// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace stickyscope::lab {

/// What to try where no other machine comes in, though the balancers are open to the network by
/// these URLs: one sentence or two a line, the likeliest first.
std::vector<std::string> whyNobodyComes(const std::vector<std::string>& urls);

} // namespace stickyscope::lab
