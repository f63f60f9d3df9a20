// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/head_syntax.h"

#include <algorithm>
#include <array>

namespace stickyscope::wire {

namespace {

constexpr std::array<bool, 256> tableOf(std::string_view octets)
{
    std::array<bool, 256> table {};
    for (const char octet : octets)
        table[static_cast<unsigned char>(octet)] = true;
    return table;
}

// RFC 9110 5.6.2
constexpr std::array<bool, 256> tokenOctets =
    tableOf("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

// RFC 3986 3.2, all that may stand in an authority.
constexpr std::array<bool, 256> authorityOctets =
    tableOf("-._~%!$&'()*+;=[]:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

bool isTokenOctet(char letter)
{
    return tokenOctets[static_cast<unsigned char>(letter)];
}

// How many octets the token or quoted string is long that `text` begins with; 0: there is none.
std::size_t lengthOfWord(std::string_view text)
{
    if (!text.starts_with('"')) {
        const auto* const end = std::find_if_not(text.begin(), text.end(), isTokenOctet);
        return static_cast<std::size_t>(end - text.begin());
    }
    // Without escapes: readers count their quotes in different ways.
    const auto quote = text.find_first_of("\"\\", 1);
    return quote != std::string_view::npos && text[quote] == '"' ? quote + 1 : 0;
}

} // namespace

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenOctet);
}

bool isAuthority(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return authorityOctets[static_cast<unsigned char>(letter)];
    });
}

bool isFieldValue(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char letter) {
        const auto octet = static_cast<unsigned char>(letter);
        return (octet >= 0x20 && octet != 0x7f) || octet == '\t';
    });
}

bool isFieldLine(std::string_view line)
{
    const auto colon = line.find(':');
    return colon != std::string_view::npos && isToken(line.substr(0, colon))
        && isFieldValue(line.substr(colon + 1));
}

bool isChunkExtension(std::string_view text)
{
    if (!isFieldValue(text))
        return false;
    while (!text.empty()) {
        if (text.front() != ';')
            return false;
        text.remove_prefix(1);
        const auto* const end = std::find_if_not(text.begin(), text.end(), isTokenOctet);
        const auto name = static_cast<std::size_t>(end - text.begin());
        text.remove_prefix(name);
        if (name == 0)
            return false;
        if (!text.starts_with('='))
            continue;
        text.remove_prefix(1);
        const std::size_t value = lengthOfWord(text);
        if (value == 0)
            return false;
        text.remove_prefix(value);
    }
    return true;
}

} // namespace stickyscope::wire
