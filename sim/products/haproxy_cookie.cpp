// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_cookie.h"

#include "sim/products/digests.h"

#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace stickyscope {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t stampLength = 5;

} // namespace

std::string haproxyStamp(WallSeconds moment)
{
    auto quarter = static_cast<std::uint64_t>(moment.time_since_epoch().count() + 3) >> 2U;
    std::string text(stampLength, 'A');
    for (std::size_t place = stampLength; place-- > 0; quarter >>= 6U)
        text[place] = digits[quarter & 63U];
    return text;
}

std::optional<WallSeconds> readHaproxyStamp(std::string_view text)
{
    if (text.size() < stampLength)
        return std::nullopt;
    std::int64_t quarter = 0;
    for (const char letter : text.substr(0, stampLength)) {
        const auto digit = digits.find(letter);
        if (digit == std::string_view::npos)
            return std::nullopt;
        quarter = quarter * 64 + static_cast<std::int64_t>(digit);
    }
    if (quarter == 0)
        return std::nullopt;
    return WallSeconds(std::chrono::seconds(quarter * 4));
}

std::string haproxyDynamicValue(std::string_view key, std::string_view address)
{
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos)
        return {};
    std::string host(address.substr(0, colon));
    if (host.size() > 2 && host.front() == '[')
        host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const std::string_view number = address.substr(colon + 1);
    std::from_chars(number.data(), number.data() + number.size(), port);

    std::string hashed(key);
    std::array<char, 16> binary {};
    if (inet_pton(AF_INET, host.c_str(), binary.data()) == 1)
        hashed.append(binary.data(), 4);
    else if (inet_pton(AF_INET6, host.c_str(), binary.data()) == 1)
        hashed.append(binary.data(), 16);
    else
        return {};
    hashed.append({'\0', '\0', static_cast<char>(port >> 8U), static_cast<char>(port & 0xffU)});
    return hexOf(xxHash64(hashed), 16);
}

} // namespace stickyscope
