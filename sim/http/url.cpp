// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/url.h"

#include "sim/http/head.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace stickyscope::http {

namespace {

constexpr std::size_t longest = 8192;

bool complain(std::string* why, std::string reason)
{
    if (why)
        *why = std::move(reason);
    return false;
}

std::nullopt_t refuse(std::string* why, std::string reason)
{
    complain(why, std::move(reason));
    return std::nullopt;
}

bool knownScheme(std::string_view scheme)
{
    static constexpr std::array<std::string_view, 4> known {"http", "https", "ws", "wss"};
    return std::find(known.begin(), known.end(), scheme) != known.end();
}

bool goodHost(std::string_view host)
{
    return !host.empty() && host.size() <= 253
        && std::all_of(host.begin(), host.end(), [](unsigned char letter) {
               return std::isalnum(letter) || letter == '-' || letter == '.' || letter == '_'
                   || letter >= 0x80;
           });
}

// Spaces and control characters would end the request line early.
std::string escaped(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const unsigned char letter : text) {
        if (letter > 0x20 && letter < 0x7f) {
            result += static_cast<char>(letter);
        } else {
            result += '%';
            result += digits[letter >> 4U];
            result += digits[letter & 0xfU];
        }
    }
    return result;
}

bool readPort(std::string_view text, Url& url)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    url.port = static_cast<std::uint16_t>(port);
    return error == std::errc {} && end == text.data() + text.size() && port > 0 && port <= 65535;
}

bool readAuthority(std::string_view authority, Url& url, std::string* why)
{
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        url.userInfo = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    std::string_view port;
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos)
            return complain(why, "the address lacks the ] after its IPv6 host");
        url.host = lowered(authority.substr(1, close - 1));
        port = authority.substr(close + 1);
        if (!isIpAddress(url.host))
            return complain(why, "'" + url.host + "' is no IPv6 address");
    } else {
        const auto colon = authority.find(':');
        url.host = lowered(authority.substr(0, colon));
        port = colon == std::string_view::npos ? std::string_view {} : authority.substr(colon);
        if (!goodHost(url.host))
            return complain(why, "'" + url.host + "' is no host name");
    }
    url.port = url.secure() ? 443 : 80;
    if (!port.empty()
        && (port.front() != ':' || (port.size() > 1 && !readPort(port.substr(1), url))))
        return complain(why, "'" + std::string(port) + "' is no port; allowed are 1 to 65535");
    return true;
}

// RFC 3986 5.2.4.
std::string withoutDotSegments(std::string_view path)
{
    std::string result;
    while (!path.empty()) {
        const auto next = path.find('/', 1);
        const std::string_view segment = path.substr(0, next);
        const bool last = next == std::string_view::npos;
        path = last ? std::string_view {} : path.substr(next);
        if (segment == "/..") {
            result.erase(std::min(result.rfind('/'), result.size()));
            if (last)
                result += '/';
        } else if (segment == "/.") {
            if (last)
                result += '/';
        } else {
            result += segment;
        }
    }
    return result.empty() ? "/" : result;
}

} // namespace

std::string Url::authority() const
{
    const bool v6 = host.find(':') != std::string::npos;
    std::string result = v6 ? "[" + host + "]" : host;
    if (!hasDefaultPort())
        result += ":" + std::to_string(port);
    return result;
}

std::string Url::target() const
{
    return query.empty() ? path : path + "?" + query;
}

std::string Url::text() const
{
    return scheme + "://" + (userInfo.empty() ? "" : userInfo + "@") + authority() + target();
}

std::string_view withoutPort(std::string_view authority)
{
    const std::size_t host = authority.starts_with('[') ? authority.find(']') : 0;
    return authority.substr(0, authority.find(':', host));
}

std::string percentDecoded(std::string_view text)
{
    std::string result;
    for (std::size_t place = 0; place < text.size(); ++place) {
        unsigned octet = 0;
        const char* digits = text.data() + place + 1;
        const bool triplet = text[place] == '%' && place + 2 < text.size()
            && std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2;
        result += triplet ? static_cast<char>(octet) : text[place];
        place += triplet ? 2 : 0;
    }
    return result;
}

bool isIpAddress(std::string_view host)
{
    std::array<unsigned char, 16> bytes {};
    const std::string text(host);
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1
        || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

std::optional<Url> parseUrl(std::string_view text, std::string* why)
{
    text = trimmed(text);
    if (text.empty())
        return refuse(why, "the address is empty; for example http://localhost:8000/hostname");
    if (text.size() > longest)
        return refuse(why, "the address is longer than 8192 characters");
    Url url;
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        url.scheme = lowered(text.substr(0, scheme));
        if (!knownScheme(url.scheme))
            return refuse(
                why,
                "'" + url.scheme
                    + "' is no scheme that Stickyscope speaks; allowed are http, https, ws, wss");
        text.remove_prefix(scheme + 3);
    }
    text = text.substr(0, text.find('#'));
    const auto end = text.find_first_of("/?");
    if (!readAuthority(text.substr(0, end), url, why))
        return std::nullopt;
    if (end == std::string_view::npos)
        return url;
    const std::string_view rest = text.substr(end);
    const auto question = rest.find('?');
    if (question != std::string_view::npos)
        url.query = escaped(rest.substr(question + 1));
    if (const auto path = rest.substr(0, question); !path.empty())
        url.path = escaped(path);
    return url;
}

std::optional<Url> resolve(const Url& base, std::string_view reference)
{
    reference = trimmed(reference.substr(0, reference.find('#')));
    if (reference.find("://") != std::string_view::npos)
        return parseUrl(reference);
    if (reference.starts_with("//"))
        return parseUrl(base.scheme + ":" + std::string(reference));
    Url url = base;
    if (reference.empty())
        return url;
    const auto question = reference.find('?');
    url.query = question == std::string_view::npos ? std::string {}
                                                   : escaped(reference.substr(question + 1));
    const std::string_view path = reference.substr(0, question);
    if (path.empty())
        return url;
    const std::string directory = base.path.substr(0, base.path.rfind('/') + 1);
    url.path =
        withoutDotSegments(path.starts_with('/') ? escaped(path) : directory + escaped(path));
    return url;
}

} // namespace stickyscope::http
