// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/sealed_value.h"

#include "sim/products/digests.h"

#include <charconv>

namespace stickyscope {

namespace {

constexpr std::size_t tagDigits = 32;
constexpr std::size_t tagOctets = tagDigits / 2;

std::string tagOf(std::string_view key, const std::string& plain)
{
    return octetsOf(hmacSha256Hex(key, plain).substr(0, tagDigits));
}

// Its own inverse; the tag, which nobody can foresee, says with what.
std::string masked(std::string_view key, const std::string& tag, std::string text)
{
    constexpr std::size_t block = 32;
    std::string mask;
    for (std::size_t place = 0; place < text.size(); ++place) {
        if (place % block == 0) {
            const std::string number = place == 0 ? "" : std::to_string(place / block);
            mask = octetsOf(hmacSha256Hex(key, "mask" + tag + number));
        }
        text[place] = static_cast<char>(text[place] ^ mask[place % block]);
    }
    return text;
}

} // namespace

std::string octetsOf(std::string_view hexDigits)
{
    std::string octets;
    for (std::size_t place = 0; place + 1 < hexDigits.size(); place += 2) {
        unsigned octet = 0;
        std::from_chars(hexDigits.data() + place, hexDigits.data() + place + 2, octet, 16);
        octets += static_cast<char>(octet);
    }
    return octets;
}

std::string seal(std::string_view key, const std::string& plain)
{
    const std::string tag = tagOf(key, plain);
    return base64(tag + masked(key, tag, plain));
}

std::optional<std::string> unseal(std::string_view key, std::string_view value)
{
    const auto octets = fromBase64(value);
    if (!octets || octets->size() <= tagOctets)
        return std::nullopt;
    const std::string tag = octets->substr(0, tagOctets);
    std::string plain = masked(key, tag, octets->substr(tagOctets));
    if (tagOf(key, plain) != tag)
        return std::nullopt;
    return plain;
}

} // namespace stickyscope
