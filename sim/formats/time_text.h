// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// The longest time that a file may name.
inline constexpr Duration longestTime = std::chrono::hours(24 * 365);

/// "500ms", "1.5s" (ns, us, ms, s, m, h). Nothing where it is no such text; Duration::max() for
/// what no Duration can hold.
std::optional<Duration> readTime(std::string_view text);
/// In the largest unit of which it is a whole number.
std::string writeTime(Duration time);

/// "0.5/s": the mean time between two, 1 us to longestTime; nothing for any other text.
std::optional<Duration> readRate(std::string_view text);
/// The shortest text of which readRate() makes `gap`, per second where that is short.
std::string writeRate(Duration gap);
/// The shortest decimal text, without an exponent, that reads as the same number.
std::string writeNumber(double number);

} // namespace stickyscope
