// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/aws_cookie.h"

#include "sim/products/digests.h"
#include "sim/products/sealed_value.h"

#include <charconv>

namespace stickyscope {

namespace {

constexpr std::size_t hiddenOctets = 16; ///< 4 of the target, 4 of the serial, 8 of the moment

std::uint64_t numberOf(std::string_view digits)
{
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return number;
}

} // namespace

std::string writeAwsCookie(std::string_view key, const AwsCookie& cookie)
{
    const auto until = static_cast<std::uint64_t>(cookie.until.time_since_epoch().count());
    return seal(
        key, octetsOf(hexOf(raw(cookie.target), 8) + hexOf(cookie.serial, 8) + hexOf(until, 16)));
}

std::optional<AwsCookie> readAwsCookie(std::string_view key, std::string_view value)
{
    const auto plain = unseal(key, value);
    if (!plain || plain->size() != hiddenOctets)
        return std::nullopt;
    std::string digits;
    for (const char octet : *plain)
        digits += hexOf(static_cast<unsigned char>(octet), 2);
    const std::string_view view = digits;
    return AwsCookie {
        static_cast<ReplicaIndex>(numberOf(view.substr(0, 8))),
        WallSeconds(std::chrono::seconds(static_cast<std::int64_t>(numberOf(view.substr(16))))),
        static_cast<std::uint32_t>(numberOf(view.substr(8, 8)))};
}

} // namespace stickyscope
