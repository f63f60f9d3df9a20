// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/f5_cookie.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
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

constexpr std::string_view ofIpv6 = "vi";
constexpr std::string_view ofRouteDomain = "rd";
using Octets = std::array<unsigned char, 16>;

// "[2001:db8::1]:443"; the port may be missing.
std::string writeIpv6(std::string_view address)
{
    const auto bracket = address.find(']');
    if (bracket == std::string_view::npos)
        return {};
    const std::string host(address.substr(1, bracket - 1));
    const std::string_view behind = address.substr(bracket + 1);
    const auto port =
        behind.empty() ? std::optional<std::uint32_t>(80) : readNumber(behind.substr(1), 65535);
    Octets octets {};
    if (!port || inet_pton(AF_INET6, host.c_str(), octets.data()) != 1)
        return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string value(ofIpv6);
    for (const unsigned char octet : octets) {
        value += digits[octet >> 4U];
        value += digits[octet & 15U];
    }
    return value + "." + std::to_string(swapped(*port));
}

// The port is written as it is, or with its octets swapped.
std::optional<std::string> readOctets(std::string_view hex, std::optional<std::uint32_t> port)
{
    Octets octets {};
    if (!port || hex.size() != 2 * octets.size())
        return std::nullopt;
    for (std::size_t place = 0; place < octets.size(); ++place) {
        const char* const first = hex.data() + 2 * place;
        const auto [end, error] = std::from_chars(first, first + 2, octets.at(place), 16);
        if (error != std::errc {} || end != first + 2)
            return std::nullopt;
    }
    constexpr std::array<unsigned char, 12> ipv4 {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const bool isIpv4 = std::equal(ipv4.begin(), ipv4.end(), octets.begin());
    std::array<char, INET6_ADDRSTRLEN> text {};
    if (!inet_ntop(isIpv4 ? AF_INET : AF_INET6, octets.data() + (isIpv4 ? ipv4.size() : 0),
                   text.data(), text.size()))
        return std::nullopt;
    const std::string host(text.data());
    return (isIpv4 ? host : "[" + host + "]") + ":" + std::to_string(*port);
}

std::optional<std::string> readIpv6(std::string_view value)
{
    value.remove_prefix(ofIpv6.size());
    const std::string_view hex = partBefore(value, '.');
    const auto port = readNumber(value, 65535);
    return port ? readOctets(hex, swapped(*port)) : std::nullopt;
}

// "rd5o00000000000000000000ffffc0000201o80": 192.0.2.1:80 in the route domain 5.
std::optional<std::string> readInRouteDomain(std::string_view value)
{
    value.remove_prefix(ofRouteDomain.size());
    if (!readNumber(partBefore(value, 'o'), 65535))
        return std::nullopt;
    const std::string_view hex = partBefore(value, 'o');
    return readOctets(hex, readNumber(value, 65535));
}

} // namespace

std::string writeF5Cookie(std::string_view address)
{
    if (address.starts_with('['))
        return writeIpv6(address);
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
    if (value.starts_with(ofIpv6))
        return readIpv6(value);
    if (value.starts_with(ofRouteDomain))
        return readInRouteDomain(value);
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
