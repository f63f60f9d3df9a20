// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/result.h"

#include <string>

namespace stickyscope {

/// The difference of two lanes, `second` minus `first`, and a sentence that claims no more than
/// what was counted.
ComparisonResult compare(const LaneResult& first, const LaneResult& second);

/// What one client has lived through, in one sentence: "browsers-2 has met 3 servers and lost its
/// session 7 times."
std::string storyOf(const LaneResult& lane, std::size_t client);
/// The client whose story tells most: the one that lost the most sessions, then the one that
/// switched most often; nothing while there is none.
std::optional<std::size_t> mostTellingClient(const LaneResult& lane);

} // namespace stickyscope
