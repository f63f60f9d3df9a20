// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"
#include "sim/model/scenario.h"

#include <optional>
#include <string>

namespace stickyscope {

/// What stands behind a cookie's value, in the order in which Go's net/http writes it.
struct CookieAttributes
{
    std::optional<std::string> path;
    std::string domain;
    std::optional<std::chrono::seconds> lifetime; ///< absent: as long as the browser runs
    bool asDate = false; ///< the lifetime is written as Expires, not as Max-Age
    bool httpOnly = false;
    bool secure = false;
    SameSite sameSite = SameSite::unset;
    bool partitioned = false;
};
std::string attributesText(const CookieAttributes& attributes, WallSeconds now);
/// Those that the scenario sets, with the product's own path where it sets none.
CookieAttributes attributesOf(const StickySpec& spec, const std::string& usualPath);

} // namespace stickyscope
