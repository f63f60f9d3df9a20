// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/aws_cookie.h"

#include "sim/products/digests.h"

#include <charconv>

namespace stickyscope {

namespace {

constexpr std::size_t tagDigits = 32;
constexpr std::size_t hiddenDigits = 32; ///< 8 of the target, 8 of the serial, 16 of the moment

std::uint64_t numberOf(std::string_view digits)
{
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return number;
}

std::string octetsOf(std::string_view digits)
{
    std::string octets;
    for (std::size_t place = 0; place + 1 < digits.size(); place += 2)
        octets += static_cast<char>(numberOf(digits.substr(place, 2)));
    return octets;
}

std::string tagOf(std::string_view key, const std::string& plain)
{
    return octetsOf(hmacSha256Hex(key, plain).substr(0, tagDigits));
}

// Its own inverse; the tag, which nobody can foresee, says with what.
std::string masked(std::string_view key, const std::string& tag, const std::string& text)
{
    const std::string mask = octetsOf(hmacSha256Hex(key, "mask" + tag).substr(0, hiddenDigits));
    std::string result = text;
    for (std::size_t place = 0; place < result.size(); ++place)
        result[place] = static_cast<char>(result[place] ^ mask[place]);
    return result;
}

} // namespace

std::string writeAwsCookie(std::string_view key, const AwsCookie& cookie)
{
    const auto until = static_cast<std::uint64_t>(cookie.until.time_since_epoch().count());
    const std::string plain =
        octetsOf(hexOf(raw(cookie.target), 8) + hexOf(cookie.serial, 8) + hexOf(until, 16));
    const std::string tag = tagOf(key, plain);
    return base64(tag + masked(key, tag, plain));
}

std::optional<AwsCookie> readAwsCookie(std::string_view key, std::string_view value)
{
    const auto octets = fromBase64(value);
    if (!octets || octets->size() != (tagDigits + hiddenDigits) / 2)
        return std::nullopt;
    const std::string tag = octets->substr(0, tagDigits / 2);
    const std::string plain = masked(key, tag, octets->substr(tagDigits / 2));
    if (tagOf(key, plain) != tag)
        return std::nullopt;
    std::string digits;
    for (const char octet : plain)
        digits += hexOf(static_cast<unsigned char>(octet), 2);
    const std::string_view view = digits;
    return AwsCookie {
        static_cast<ReplicaIndex>(numberOf(view.substr(0, 8))),
        WallSeconds(std::chrono::seconds(static_cast<std::int64_t>(numberOf(view.substr(16))))),
        static_cast<std::uint32_t>(numberOf(view.substr(8, 8)))};
}

} // namespace stickyscope
