// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/go_duration.h"

#include "sim/formats/time_text.h"

#include <string>

namespace stickyscope {

std::optional<Duration> readGoDuration(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    if (text.find_first_not_of("0123456789") == std::string_view::npos)
        return readGoDuration(std::string(text) + "s");
    Duration sum {};
    while (!text.empty()) {
        // One number and its unit: each such part is a time of ours too.
        const auto unit = text.find_first_not_of("0123456789.");
        const auto next = unit == std::string_view::npos ? std::string_view::npos
                                                         : text.find_first_of("0123456789.", unit);
        const auto part = readTime(text.substr(0, next));
        if (!part || *part > longestTime)
            return std::nullopt;
        sum += *part;
        if (sum > longestTime)
            return std::nullopt;
        text.remove_prefix(std::min(next, text.size()));
    }
    return sum;
}

} // namespace stickyscope
