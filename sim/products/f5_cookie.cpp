// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/f5_cookie.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace stickyscope {

namespace {

std::optional<std::uint32_t> readNumber(std::string_view text, std::uint32_t most)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc {} || end != text.data() + text.size() || number > most)
        return std::nullopt;
    return number;
}

std::uint32_t swapped(std::uint32_t port)
{
    return ((port & 255U) << 8U) | (port >> 8U);
}

std::string_view partBefore(std::string_view& text, char delimiter)
{
    const std::string_view part = text.substr(0, text.find(delimiter));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return part;
}

} // namespace

std::string writeF5Cookie(std::string_view address)
{
    std::string_view port = address;
    std::string_view host = partBefore(port, ':');
    std::uint32_t little = 0;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        const auto octet = readNumber(shift == 24 ? host : partBefore(host, '.'), 255);
        if (!octet)
            return {};
        little |= *octet << shift;
    }
    const auto number = address.find(':') == std::string_view::npos
        ? std::optional<std::uint32_t>(80)
        : readNumber(port, 65535);
    return number ? std::to_string(little) + "." + std::to_string(swapped(*number)) + ".0000"
                  : std::string();
}

std::optional<std::string> readF5Cookie(std::string_view value)
{
    const auto host = readNumber(partBefore(value, '.'), 0xffffffff);
    const auto port = readNumber(partBefore(value, '.'), 65535);
    if (!host || !port)
        return std::nullopt;
    std::string address = std::to_string(*host & 255U);
    for (unsigned shift = 8; shift < 32; shift += 8)
        address += "." + std::to_string((*host >> shift) & 255U);
    return address + ":" + std::to_string(swapped(*port));
}

} // namespace stickyscope
