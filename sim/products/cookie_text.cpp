// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_text.h"

#include "sim/http/cookie.h"

#include <algorithm>
#include <cctype>

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

std::optional<std::string_view> goCookie(const http::RequestHead& request, std::string_view name,
                                         bool trimsNames)
{
    for (std::string_view field : request.fields.all("Cookie")) {
        while (!field.empty()) {
            const auto end = std::min(field.find(';'), field.size());
            const std::string_view pair = http::trimmed(field.substr(0, end));
            field.remove_prefix(std::min(end + 1, field.size()));
            const auto equals = std::min(pair.find('='), pair.size());
            const std::string_view written = pair.substr(0, equals);
            if ((trimsNames ? http::trimmed(written) : written) != name)
                continue;
            if (const auto value = goCookieValue(pair.substr(std::min(equals + 1, pair.size()))))
                return value;
        }
    }
    return std::nullopt;
}

std::string attributesInGoOrder(const StickySpec& spec, const std::string& path,
                                std::optional<WallSeconds> expires)
{
    std::string text;
    if (!path.empty())
        text += "; Path=" + path;
    if (!spec.domain.empty())
        text += "; Domain=" + spec.domain;
    if (expires)
        text += "; Expires=" + http::httpDate(*expires);
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

bool isToken(std::string_view text)
{
    static constexpr std::string_view tokenMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
        return std::isalnum(letter) != 0
            || tokenMarks.find(static_cast<char>(letter)) != std::string_view::npos;
    });
}

std::string asToken(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        // One for each character: those beyond ASCII have several octets.
        const bool goesOn = (static_cast<unsigned char>(letter) & 0xC0U) == 0x80U;
        if (isToken({&letter, 1}))
            result += letter;
        else if (!goesOn)
            result += '_';
    }
    return result;
}

SameSite sameSiteOfAnyText(std::string_view text)
{
    for (const SameSite one : {SameSite::none, SameSite::lax, SameSite::strict}) {
        if (http::equalIgnoringCase(sameSiteWord(one), text))
            return one;
    }
    return SameSite::unset;
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
