// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/curl_request.h"

#include "sim/http/authorization.h"
#include "sim/http/secrets.h"

#include <cctype>
#include <charconv>

namespace stickyscope::live {

namespace {

std::uint16_t portOf(std::string_view text, const std::string& option)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc {} || end != text.data() + text.size() || port == 0 || port > 65535)
        failCurl(option + " has no port where one is needed: '" + std::string(text) + "'");
    return static_cast<std::uint16_t>(port);
}

// Splits at colons, but not within the brackets of an IPv6 address, which it takes off.
std::vector<std::string> colonParts(std::string_view text)
{
    std::vector<std::string> parts(1);
    bool inside = false;
    for (const char letter : text) {
        if (letter == '[' || letter == ']')
            inside = letter == '[';
        else if (letter == ':' && !inside)
            parts.emplace_back();
        else
            parts.back() += letter;
    }
    return parts;
}

} // namespace

int curlSeconds(const std::string& text, const std::string& option)
{
    double seconds = 0;
    const char* const end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc {} || read != end || !(seconds > 0 && seconds < 3600))
        failCurl(option + " must be seconds, such as 5");
    return static_cast<int>(seconds * 1000);
}

void CurlRequest::setUrl(const std::string& text)
{
    if (!m_url.empty())
        failCurl("the curl command has a second address: " + text);
    m_url = text;
}

void CurlRequest::setField(const std::string& name, const std::string& value)
{
    m_target.request.fields.set(name, value);
}

void CurlRequest::rawData(const std::string& text)
{
    m_target.body += (m_hasData ? "&" : "") + text;
    m_hasData = true;
}

void CurlRequest::header(const std::string& text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        failCurl("curl's -H needs a 'Name: value'; there is no colon in one");
    const std::string name(http::trimmed(std::string_view(text).substr(0, colon)));
    const std::string value(http::trimmed(std::string_view(text).substr(colon + 1)));
    if (text.find_first_of("\r\n") != std::string::npos)
        failCurl("curl's -H holds a line break");
    // HTTP/2's own fields, which browsers copy along.
    if (name.empty() || http::equalIgnoringCase(name, "Connection")
        || http::equalIgnoringCase(name, "Content-Length")
        || http::equalIgnoringCase(name, "Accept-Encoding"))
        return;
    if (http::equalIgnoringCase(name, "Cookie"))
        return cookie(value);
    m_target.request.fields.add(name, value);
}

void CurlRequest::data(const std::string& text, bool urlEncode)
{
    if (text.starts_with('@')
        || (urlEncode && text.find('@') != std::string::npos
            && text.find('=') == std::string::npos))
        failCurl("curl's data from a file (@) is not understood; paste the text itself");
    std::string value = text;
    if (urlEncode) {
        const auto equals = text.find('=');
        const std::string name =
            equals == std::string::npos ? "" : text.substr(0, equals + (equals > 0 ? 1 : 0));
        static constexpr std::string_view digits = "0123456789ABCDEF";
        value = name;
        for (const unsigned char octet :
             text.substr(equals == std::string::npos ? 0 : equals + 1)) {
            if (std::isalnum(octet)
                || std::string_view("-._~").find(static_cast<char>(octet))
                    != std::string_view::npos) {
                value += static_cast<char>(octet);
            } else {
                value += '%';
                value += digits[octet >> 4U];
                value += digits[octet & 0xfU];
            }
        }
    }
    m_target.body += (m_hasData ? "&" : "") + value;
    m_hasData = true;
}

void CurlRequest::cookie(const std::string& text)
{
    // curl: with '=' it is cookies, without it a file.
    if (text.find('=') == std::string::npos)
        m_target.cookieFileIn = text;
    else
        m_target.cookies += (m_target.cookies.empty() ? "" : "; ") + text;
}

void CurlRequest::resolve(const std::string& text)
{
    const auto parts = colonParts(text.starts_with('+') ? text.substr(1) : text);
    if (parts.size() != 3)
        failCurl("curl's --resolve must be HOST:PORT:ADDRESS, not '" + text + "'");
    m_target.endpoint.redirections.push_back({http::lowered(parts[0] == "*" ? "" : parts[0]),
                                              portOf(parts[1], "--resolve"),
                                              parts[2].substr(0, parts[2].find(',')), 0});
}

void CurlRequest::connectTo(const std::string& text)
{
    const auto parts = colonParts(text);
    if (parts.size() != 4)
        failCurl("curl's --connect-to must be HOST1:PORT1:HOST2:PORT2, not '" + text + "'");
    const auto port = [](const std::string& part) {
        return part.empty() ? std::uint16_t {0} : portOf(part, "--connect-to");
    };
    m_target.endpoint.redirections.push_back(
        {http::lowered(parts[0]), port(parts[1]), parts[2], port(parts[3])});
}

void CurlRequest::proxy(const std::string& text, bool socks)
{
    const auto scheme = text.find("://");
    const std::string kind = scheme == std::string::npos ? (socks ? "socks5" : "http")
                                                         : http::lowered(text.substr(0, scheme));
    if (kind != "http" && kind != "socks5" && kind != "socks5h")
        failCurl("curl's -x with " + kind + ":// is not understood; http:// and socks5:// are");
    auto url =
        http::parseUrl("http://" + (scheme == std::string::npos ? text : text.substr(scheme + 3)));
    if (!url)
        failCurl("curl's -x must be an address, not '" + http::wrongWithoutSecrets(text) + "'");
    if (url->port == 80 && text.find(":80") == std::string::npos)
        url->port = 1080; // curl's default for proxies
    url->userInfo = http::percentDecoded(url->userInfo);
    m_target.endpoint.proxy = *url;
    m_target.endpoint.proxyIsSocks = kind != "http";
}

void CurlRequest::user(const std::string& text)
{
    m_target.request.fields.set("Authorization", http::basicAuthorization(text));
}

Target CurlRequest::finish()
{
    std::string why;
    const auto url = http::parseUrl(m_url, &why);
    if (!url)
        failCurl(m_url.empty() ? "the curl command has no address" : why);
    m_target.endpoint.url = *url;
    m_target.request.target = url->target();
    if (m_dataInQuery && m_hasData) {
        m_target.request.target += (url->query.empty() ? "?" : "&") + m_target.body;
        m_target.body.clear();
        m_hasData = false;
    }
    if (!url->userInfo.empty())
        user(http::percentDecoded(url->userInfo));
    m_target.endpoint.url.userInfo.clear();
    if (m_target.endpoint.proxy && !m_proxyUser.empty())
        m_target.endpoint.proxy->userInfo = m_proxyUser;
    m_target.request.method = !m_method.empty() ? m_method : m_hasData ? "POST" : "GET";
    if (m_hasData && !m_target.request.fields.find("Content-Type"))
        m_target.request.fields.add("Content-Type", "application/x-www-form-urlencoded");
    return m_target;
}

} // namespace stickyscope::live
