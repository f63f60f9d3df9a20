// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/time_text.h"
#include "sim/model/scenario.h"

#include <algorithm>
#include <chrono>
#include <string>

// Times as configurations write them. What a unit cannot hold is rounded up.
namespace stickyscope {

/// At least one.
inline long long wholeMilliseconds(Duration time)
{
    return std::max<long long>(std::chrono::ceil<std::chrono::milliseconds>(time).count(), 1);
}
inline long long wholeSeconds(Duration time)
{
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}
/// "0.1s"
inline std::string inDecimalSeconds(Duration time)
{
    return writeNumber(std::chrono::duration<double>(time).count()) + "s";
}
/// "Lax" and the like; empty for unset.
inline std::string capitalized(SameSite sameSite)
{
    std::string word(nameOf(sameSite));
    if (!word.empty())
        word.front() = static_cast<char>(word.front() - 'a' + 'A');
    return word;
}

} // namespace stickyscope
