// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/nginx_cookie.h"

#include "sim/http/cookie.h"
#include "sim/products/digests.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace stickyscope {

namespace {

std::string_view withoutBlanks(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

// The value, where the rest of the field begins with the name; else `rest` is left where nginx
// goes on looking for the next cookie.
std::optional<std::string_view> valueAt(std::string_view& rest, std::string_view name)
{
    if (!http::equalIgnoringCase(rest.substr(0, name.size()), name))
        return std::nullopt;
    rest = withoutBlanks(rest.substr(name.size()));
    if (rest.empty())
        return std::nullopt;
    const char sign = rest.front();
    // Also where it is none: "a; a=1" is read past the semicolon.
    rest.remove_prefix(1);
    if (sign != '=')
        return std::nullopt;
    rest = withoutBlanks(rest);
    return rest.substr(0, std::min(rest.find(';'), rest.size()));
}

int digitOf(char letter)
{
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto digit = digits.find(letter);
    return digit == std::string_view::npos ? -1 : static_cast<int>(digit);
}

} // namespace

std::optional<std::string_view> nginxCookie(const http::RequestHead& request, std::string_view name)
{
    for (const std::string_view field : request.fields.all("Cookie")) {
        std::string_view rest = field;
        while (rest.size() > name.size()) {
            if (const auto value = valueAt(rest, name))
                return value;
            const auto end = rest.find_first_of(";,");
            rest = end == std::string_view::npos ? std::string_view {}
                                                 : withoutBlanks(rest.substr(end + 1));
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> nginxParameter(const http::RequestHead& request,
                                               std::string_view name)
{
    std::string_view rest = request.target;
    for (auto end = rest.find('?'); end != std::string_view::npos; end = rest.find('&')) {
        rest.remove_prefix(end + 1);
        const std::string_view one = rest.substr(0, rest.find('&'));
        if (one.size() > name.size() && one[name.size()] == '='
            && http::equalIgnoringCase(one.substr(0, name.size()), name))
            return one.substr(name.size() + 1);
    }
    return std::nullopt;
}

std::string nginxCookieTime(WallSeconds moment)
{
    // RFC 9110's date, with dashes and a shorter year.
    std::string text = http::httpDate(moment);
    text[7] = text[11] = '-';
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(moment));
    if (date.year() <= std::chrono::year(2037))
        text.erase(12, 2);
    return text;
}

std::optional<std::string> nginxUserId(std::string_view name, std::string_view value)
{
    constexpr std::size_t digits = 22; // 16 octets without padding
    if (value.size() < digits)
        return std::nullopt;
    std::array<std::uint8_t, 17> octets {};
    std::uint32_t bits = 0;
    for (std::size_t place = 0; place < digits; ++place) {
        const int digit = digitOf(value[place]);
        if (digit < 0)
            return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        // Eight bits are whole at digits 2, 3, 4, 6, 7, 8, ...
        const std::size_t whole = (place + 1) * 6 / 8;
        const std::size_t before = place * 6 / 8;
        if (whole > before)
            octets.at(before) = static_cast<std::uint8_t>(bits >> ((place + 1) * 6 % 8));
    }
    // nginx takes a last word of zeros for none.
    if (std::all_of(octets.begin() + 12, octets.begin() + 16,
                    [](auto octet) { return octet == 0; }))
        return std::nullopt;
    std::string text(name);
    text += '=';
    for (std::size_t word = 0; word < 16; word += 4) {
        std::array<char, 9> hex {};
        std::snprintf(hex.data(), hex.size(), "%02X%02X%02X%02X", octets.at(word + 3),
                      octets.at(word + 2), octets.at(word + 1), octets.at(word));
        text += hex.data();
    }
    return text;
}

} // namespace stickyscope
