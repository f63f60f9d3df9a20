// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_attributes.h"

#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"

namespace stickyscope {

std::string attributesText(const CookieAttributes& attributes, WallSeconds now)
{
    std::string text;
    if (attributes.path)
        text += "; Path=" + *attributes.path;
    if (!attributes.domain.empty())
        text += "; Domain=" + attributes.domain;
    if (attributes.lifetime)
        text += attributes.asDate ? "; Expires=" + http::httpDate(now + *attributes.lifetime)
                                  : "; Max-Age=" + std::to_string(attributes.lifetime->count());
    if (attributes.httpOnly)
        text += "; HttpOnly";
    if (attributes.secure)
        text += "; Secure";
    if (attributes.sameSite != SameSite::unset)
        text.append("; SameSite=").append(sameSiteWord(attributes.sameSite));
    if (attributes.partitioned)
        text += "; Partitioned";
    return text;
}

CookieAttributes attributesOf(const StickySpec& spec, const std::string& usualPath)
{
    return {.path = spec.path.value_or(usualPath),
            .domain = spec.domain,
            .lifetime = spec.maxAge,
            .httpOnly = spec.httpOnly,
            .secure = spec.secure,
            .sameSite = spec.sameSite};
}

} // namespace stickyscope
