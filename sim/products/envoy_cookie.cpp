// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/envoy_cookie.h"

#include "sim/products/digests.h"

#include <cstdint>

namespace stickyscope {

namespace {

constexpr unsigned addressTag = (1U << 3U) | 2U; ///< field 1, with a length
constexpr unsigned expiresTag = 2U << 3U; ///< field 2, a number

void putNumber(std::string& octets, std::uint64_t number)
{
    for (; number >= 128; number >>= 7U)
        octets += static_cast<char>((number & 127U) | 128U);
    octets += static_cast<char>(number);
}

// Takes seven bits an octet, the least first.
std::optional<std::uint64_t> takeNumber(std::string_view& octets)
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !octets.empty(); shift += 7) {
        const auto octet = static_cast<unsigned char>(octets.front());
        octets.remove_prefix(1);
        number |= std::uint64_t {octet & 127U} << shift;
        if (octet < 128)
            return number;
    }
    return std::nullopt;
}

std::optional<EnvoySession> readBuffer(std::string_view octets)
{
    EnvoySession session;
    while (!octets.empty()) {
        const auto tag = takeNumber(octets);
        const auto number = tag ? takeNumber(octets) : std::nullopt;
        if (!number)
            return std::nullopt;
        if (*tag == addressTag && *number <= octets.size()) {
            session.address = octets.substr(0, *number);
            octets.remove_prefix(*number);
        } else if (*tag == expiresTag) {
            session.expires = WallSeconds(std::chrono::seconds(static_cast<std::int64_t>(*number)));
        } else {
            return std::nullopt;
        }
    }
    return session;
}

} // namespace

std::string writeEnvoySession(const EnvoySession& session)
{
    std::string octets;
    octets += static_cast<char>(addressTag);
    putNumber(octets, session.address.size());
    octets += session.address;
    if (session.expires) {
        octets += static_cast<char>(expiresTag);
        putNumber(octets, static_cast<std::uint64_t>(session.expires->time_since_epoch().count()));
    }
    return base64(octets);
}

std::optional<EnvoySession> readEnvoySession(std::string_view value)
{
    const auto octets = fromBase64(value);
    if (!octets || octets->empty())
        return std::nullopt;
    if (auto session = readBuffer(*octets))
        return session;
    return EnvoySession {*octets, std::nullopt};
}

std::optional<std::string_view> envoyCookie(const http::RequestHead& request, std::string_view name)
{
    for (std::string_view field : request.fields.all("Cookie")) {
        while (!field.empty()) {
            const auto end = std::min(field.find(';'), field.size());
            std::string_view pair = field.substr(0, end);
            field.remove_prefix(std::min(end + 1, field.size()));
            pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos || pair.substr(0, equals) != name)
                continue;
            std::string_view value = pair.substr(equals + 1);
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
                value = value.substr(1, value.size() - 2);
            return value;
        }
    }
    return std::nullopt;
}

} // namespace stickyscope
