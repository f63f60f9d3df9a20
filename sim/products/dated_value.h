// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// A cookie's value with dates behind it, in seconds since 1970: "value|until", or
/// "value|last|first". What is no date is absent.
struct DatedValue
{
    std::string_view server;
    std::optional<WallSeconds> one {}; ///< until, or last
    std::optional<WallSeconds> two {}; ///< first
};

DatedValue readDatedValue(std::string_view text);
/// "|1767225600"
std::string dateBehindValue(WallSeconds moment);

} // namespace stickyscope
