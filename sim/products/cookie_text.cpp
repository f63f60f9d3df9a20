// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_text.h"

#include "sim/http/cookie.h"

#include <algorithm>

namespace stickyscope {

namespace {

std::optional<std::string_view> goCookieValue(std::string_view value)
{
    if (value.size() > 1 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    const bool good = std::all_of(value.begin(), value.end(), [](unsigned char octet) {
        return octet >= 0x20 && octet < 0x7f && octet != '"' && octet != ';' && octet != '\\';
    });
    return good ? std::optional(value) : std::nullopt;
}

} // namespace

std::vector<std::string_view> cookieValues(const http::RequestHead& request, std::string_view name)
{
    std::vector<std::string_view> values;
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name == name)
                values.push_back(pair.value);
        }
    }
    return values;
}

void removeCookie(http::RequestHead& request, std::string_view name)
{
    std::string kept;
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name == name)
                continue;
            kept += kept.empty() ? "" : "; ";
            kept += std::string(pair.name) + "=" + std::string(pair.value);
        }
    }
    if (kept.empty())
        request.fields.remove("Cookie");
    else
        request.fields.set("Cookie", kept);
}

std::optional<std::string_view> goCookie(const http::RequestHead& request, std::string_view name)
{
    for (const std::string_view written : cookieValues(request, name)) {
        if (const auto value = goCookieValue(written))
            return value;
    }
    return std::nullopt;
}

std::string attributesInGoOrder(const StickySpec& spec, const std::string& path)
{
    std::string text;
    if (!path.empty())
        text += "; Path=" + path;
    if (!spec.domain.empty())
        text += "; Domain=" + spec.domain;
    if (spec.maxAge && spec.maxAge->count() != 0)
        text += "; Max-Age=" + std::to_string(std::max<long long>(spec.maxAge->count(), 0));
    if (spec.httpOnly)
        text += "; HttpOnly";
    if (spec.secure)
        text += "; Secure";
    if (spec.sameSite != SameSite::unset)
        text.append("; SameSite=").append(sameSiteWord(spec.sameSite));
    return text;
}

std::string_view sameSiteWord(SameSite sameSite)
{
    switch (sameSite) {
    case SameSite::unset:
        return {};
    case SameSite::none:
        return "None";
    case SameSite::lax:
        return "Lax";
    case SameSite::strict:
        return "Strict";
    }
    return {};
}

} // namespace stickyscope
