// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace stickyscope::fuzz {

/// What libFuzzer made, as text.
inline std::string_view textOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// A finding, where it does not hold.
inline void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Hands `text` over in steps of so many octets, until `take` wants no more.
template <typename Take>
void inSteps(std::string_view text, std::size_t step, Take take)
{
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, step);
        text.remove_prefix(piece.size());
        if (!take(piece))
            return;
    }
}

} // namespace stickyscope::fuzz
