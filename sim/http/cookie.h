// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/instant.h"
#include "sim/model/scenario.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::http {

/// A Set-Cookie field taken apart as RFC 6265 5.2 says, nothing judged yet.
struct SetCookie
{
    std::string name;
    std::string value;
    std::optional<WallSeconds> expires; ///< absent also where the date cannot be read
    std::optional<std::chrono::seconds> maxAge; ///< wins over expires (5.3, step 3)
    std::string domain; ///< lower case, without a leading dot; empty where absent
    std::string path; ///< empty where absent or not beginning with '/'
    bool secure = false;
    bool httpOnly = false;
    bool partitioned = false;
    SameSite sameSite = SameSite::unset;
};

/// Empty where the field has no name and no value, or control characters (RFC 6265bis 5.6).
std::optional<SetCookie> parseSetCookie(std::string_view field);

/// A cookie's date (RFC 6265 5.1.1), which forgives nearly every spelling.
std::optional<WallSeconds> parseCookieDate(std::string_view text);
/// As RFC 9110 5.6.7 writes it: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string httpDate(WallSeconds when);

struct CookiePair
{
    std::string_view name;
    std::string_view value;
};

/// The pairs of a Cookie field in order, as a server that splits at ';' sees them; values keep
/// their quotes. The views live as long as `field`.
std::vector<CookiePair> parseCookieField(std::string_view field);

/// The value of the first cookie of this name in the Cookie fields; it lives as long as these.
std::optional<std::string_view> cookieValue(const Fields& fields, std::string_view name);

} // namespace stickyscope::http
