// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_readings.h"

#include "sim/http/cookie.h"
#include "sim/products/digests.h"
#include "sim/products/envoy_cookie.h"
#include "sim/products/f5_cookie.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/yarp_cookie.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace stickyscope::cookie_readings {

namespace {

std::optional<std::uint32_t> readNumber(std::string_view text, int base)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc {} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

} // namespace

std::string_view unquoted(std::string_view value)
{
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        return value.substr(1, value.size() - 2);
    return value;
}

Lines traefikValues(const CookieServer& server, std::string_view)
{
    Lines values;
    for (const char* scheme : {"http://", "https://", "h2c://"}) {
        const std::string url = scheme + server.address;
        values.push_back(sha256Hex(url).substr(0, 16));
        values.push_back(fnv1Hex(url));
        values.push_back(fnv1Hex(fnv1Hex(url)));
    }
    return values;
}

Lines traefikOrHaproxyValues(const CookieServer& server, std::string_view key)
{
    Lines values = traefikValues(server, key);
    values.push_back(haproxyDynamicValue(key, server.address));
    return values;
}

Lines urlValues(const CookieServer& server, std::string_view)
{
    return {"http://" + server.address, "https://" + server.address};
}

Lines haproxyDates(std::string_view value)
{
    const auto bar = value.find('|');
    Lines lines {"server: " + std::string(value.substr(0, bar))};
    const std::string_view stamps = value.substr(bar + 1);
    if (const auto last = readHaproxyStamp(stamps))
        lines.push_back("last used: " + http::httpDate(*last) + " (to 4 s)");
    const auto next = std::min(stamps.find('|'), stamps.size() - 1);
    if (const auto first = readHaproxyStamp(stamps.substr(next + 1)))
        lines.push_back("first set: " + http::httpDate(*first) + " (to 4 s)");
    return lines;
}

Lines envoySession(std::string_view value)
{
    const auto session = readEnvoySession(unquoted(value));
    // What is no such buffer is read as the address itself, with the buffer's first octet.
    if (!session || session->address.empty() || session->address.front() == '\n')
        return {};
    Lines lines {"server: " + session->address};
    lines.push_back(session->expires ? "good until: " + http::httpDate(*session->expires)
                                     : "good for as long as the client keeps it");
    return lines;
}

// Before it had a time in it.
Lines envoyAddress(std::string_view value)
{
    const auto address = fromBase64(unquoted(value));
    return address ? Lines {"server: " + *address} : Lines {};
}

bool hasPort(std::string_view server)
{
    const auto colon = server.rfind(':');
    return colon != std::string_view::npos && colon > 0
        && readNumber(server.substr(colon + 1), 10).value_or(0) > 0;
}

// Of Google's service mesh, where newer libraries write the cluster behind it.
Lines meshAddress(std::string_view value)
{
    const auto text = fromBase64(unquoted(value));
    const std::string server = text ? text->substr(0, text->find(';')) : std::string();
    // What Envoy itself writes begins with octets that no address has.
    const bool readable = std::all_of(server.begin(), server.end(),
                                      [](char letter) { return letter > ' ' && letter < 0x7f; });
    return readable && hasPort(server) ? Lines {"server: " + server} : Lines {};
}

Lines envoyValues(const CookieServer& server, std::string_view)
{
    return {writeEnvoySession({server.address, std::nullopt}), base64(server.address)};
}

Lines caddyValues(const CookieServer& server, std::string_view secret)
{
    return {hmacSha256Hex(secret, server.address)};
}

// The module's hmac has a key, its hash and nginx's own cookie have none.
Lines md5Values(const CookieServer& server, std::string_view key)
{
    return {md5Hex(server.address), hmacMd5Hex(key, server.address)};
}

Lines sha1Values(const CookieServer& server, std::string_view key)
{
    return {sha1Hex(server.address), hmacSha1Hex(key, server.address)};
}

Lines placeValues(const CookieServer& server, std::string_view)
{
    return {std::to_string(server.place)};
}

Lines yarpValues(const CookieServer& server, std::string_view)
{
    if (server.name.empty())
        return {};
    return {yarpHashValue(server.name), yarpArrValue(server.name)};
}

// Bytes 0 to 3: the nginx that set it; 4 to 7: when (ngx_http_userid_filter_module.c).
Lines nginxUser(std::string_view value)
{
    const auto id = nginxUserId("uid", value);
    if (!id)
        return {};
    const auto octet = [&](std::size_t place) {
        // The words of $uid_got are little endian.
        const std::size_t at = 4 + 8 * (place / 4) + 2 * (3 - place % 4);
        return readNumber(std::string_view(*id).substr(at, 2), 16).value_or(0);
    };
    std::string address = std::to_string(octet(0));
    for (std::size_t place = 1; place < 4; ++place)
        address += "." + std::to_string(octet(place));
    std::uint32_t moment = 0;
    for (std::size_t place = 4; place < 8; ++place)
        moment = (moment << 8U) | octet(place);
    return {"names the client, not a server",
            "set by the nginx at " + address + ", "
                + http::httpDate(WallSeconds(std::chrono::seconds(moment)))};
}

Lines whole(std::string_view value)
{
    return {"server: " + std::string(value)};
}

Lines afterDot(std::string_view value)
{
    return {"route: " + std::string(value.substr(value.find('.') + 1))};
}

Lines beforeTilde(std::string_view value)
{
    const auto tilde = value.find('~');
    return {"server: " + std::string(value.substr(0, tilde)),
            "the application's own value: " + std::string(value.substr(tilde + 1))};
}

Lines f5Server(std::string_view value)
{
    const auto server = readF5Cookie(value);
    return server ? Lines {"server: " + *server} : Lines {};
}

Lines f5Values(const CookieServer& server, std::string_view)
{
    const std::string value = writeF5Cookie(server.address);
    return value.empty() ? Lines {} : Lines {value};
}

} // namespace stickyscope::cookie_readings
