// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/head_check.h"

#include "sim/http/head.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace stickyscope::wire {

namespace {

// RFC 9110 5.6.2
constexpr std::array<bool, 256> tokenOctets = [] {
    std::array<bool, 256> table {};
    for (const char letter : std::string_view(
             "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
        table[static_cast<unsigned char>(letter)] = true;
    return table;
}();

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return tokenOctets[static_cast<unsigned char>(letter)];
    });
}

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

// RFC 3986 3.2: the host and port of an address, without a user's name.
bool isAuthority(std::string_view text)
{
    constexpr std::string_view others = "-._~%!$&'()*+;=[]:";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char letter) {
        return isDigit(letter) || (letter >= 'A' && letter <= 'Z')
            || (letter >= 'a' && letter <= 'z') || others.find(letter) != std::string_view::npos;
    });
}

} // namespace

bool isFieldValue(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char letter) {
        const auto octet = static_cast<unsigned char>(letter);
        return (octet >= 0x20 && octet != 0x7f) || octet == '\t';
    });
}

bool isFieldLine(std::string_view line)
{
    const auto colon = line.find(':');
    return colon != std::string_view::npos && isToken(line.substr(0, colon))
        && isFieldValue(line.substr(colon + 1));
}

HeadCheck::State HeadCheck::refuse(int status, std::string_view why)
{
    m_status = status;
    m_why = why;
    return State::refused;
}

HeadCheck::State HeadCheck::look(std::string_view text)
{
    const bool request = m_kind == Kind::request;
    while (true) {
        const std::size_t end = text.find('\n', m_seen);
        if (const State size = sizeUpTo(std::min(end, text.size())); size == State::refused)
            return size;
        if (end == std::string_view::npos) {
            m_seen = text.size();
            return !request && !m_started ? begins(text) : State::incomplete;
        }
        if (end == m_line || text[end - 1] != '\r')
            return refuse(400, "a line does not end with CR LF");
        const std::string_view line = text.substr(m_line, end - 1 - m_line);
        m_line = m_seen = end + 1;
        if (m_started && line.empty())
            return whole() ? State::complete : State::refused;
        if (!(m_started ? field(line) : firstLine(line)))
            return State::refused;
        m_started = true;
    }
}

bool HeadCheck::firstLine(std::string_view line)
{
    return m_kind == Kind::request ? requestLine(line) : statusLine(line);
}

// Whether the line that begins at m_line, and the whole, may be so long.
HeadCheck::State HeadCheck::sizeUpTo(std::size_t reached)
{
    const bool request = m_kind == Kind::request;
    const std::size_t largestHead = request ? m_limits->requestHead : m_limits->responseHead;
    std::size_t longestLine = largestHead;
    if (request)
        longestLine = m_started ? m_limits->field : m_limits->requestLine + 1; // its CR
    if (reached - m_line > longestLine)
        return refuse(request && !m_started ? 414 : 431,
                      m_started ? "a header field is too long" : "its first line is too long");
    return reached > largestHead ? refuse(431, "its head is too large") : State::incomplete;
}

// What is no HTTP is not waited for to end.
HeadCheck::State HeadCheck::begins(std::string_view text)
{
    constexpr std::string_view protocol = "HTTP/";
    const std::size_t compared = std::min(text.size(), protocol.size());
    return text.substr(0, compared) == protocol.substr(0, compared)
        ? State::incomplete
        : refuse(400, "it does not begin with HTTP/");
}

bool HeadCheck::version(std::string_view text)
{
    m_http10 = text == "HTTP/1.0";
    if (m_http10 || text == "HTTP/1.1")
        return true;
    const bool other = text.size() == 8 && text.starts_with("HTTP/") && isDigit(text[5])
        && text[6] == '.' && isDigit(text[7]);
    refuse(other ? 505 : 400, other ? "a version other than HTTP/1.1" : "no HTTP version");
    return false;
}

bool HeadCheck::requestLine(std::string_view line)
{
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || !isToken(line.substr(0, first))) {
        refuse(400, "no request line");
        return false;
    }
    const std::string_view method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const bool visible = !target.empty()
        && std::all_of(target.begin(), target.end(),
                       [](char letter) { return letter > 0x20 && letter < 0x7f && letter != '#'; });
    if (!visible) {
        refuse(400, "an address with octets that no address has");
        return false;
    }
    if (!version(line.substr(last + 1)))
        return false;
    if (method == "CONNECT") {
        refuse(405, "CONNECT is a proxy's");
        return false;
    }
    const bool origin = target.front() == '/' || (target == "*" && method == "OPTIONS");
    const auto scheme = target.find("://");
    const std::string name = http::lowered(target.substr(0, std::min<std::size_t>(scheme, 5)));
    if (origin)
        return true;
    if (scheme == std::string_view::npos || (name != "http" && name != "https")) {
        refuse(400, "an address in no known form");
        return false;
    }
    std::string_view authority = target.substr(scheme + 3);
    authority = authority.substr(0, authority.find_first_of("/?"));
    if (!isAuthority(authority)) {
        refuse(400, "an address without a host");
        return false;
    }
    return true;
}

// RFC 9112 4: "HTTP/1.1 200 OK", the words may lack.
bool HeadCheck::statusLine(std::string_view line)
{
    if (!line.starts_with("HTTP/")) {
        refuse(400, "it does not begin with HTTP/");
        return false;
    }
    if (!version(line.substr(0, line.find(' '))))
        return false;
    const bool three = line.size() >= 12 && line[9] >= '1' && line[9] <= '9' && isDigit(line[10])
        && isDigit(line[11]) && (line.size() == 12 || line[12] == ' ');
    if (!three || !isFieldValue(line)) {
        refuse(400, "no status of three digits");
        return false;
    }
    return true;
}

bool HeadCheck::field(std::string_view line)
{
    const std::size_t most =
        m_kind == Kind::request ? m_limits->requestFields : m_limits->responseFields;
    if (++m_fields > most) {
        refuse(431, "too many header fields");
        return false;
    }
    if (line.front() == ' ' || line.front() == '\t') {
        refuse(400, "a header field is folded over two lines");
        return false;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
        refuse(400, "a header field without a proper name");
        return false;
    }
    const std::string_view value = http::trimmed(line.substr(colon + 1));
    if (!isFieldValue(value)) {
        refuse(400, "a control character in a header field");
        return false;
    }
    return known(line.substr(0, colon), value);
}

bool HeadCheck::known(std::string_view name, std::string_view value)
{
    using http::equalIgnoringCase;
    switch (name.size()) {
    case 4:
        return !equalIgnoringCase(name, "host") || hostField(value);
    case 6:
        if (m_kind == Kind::request && equalIgnoringCase(name, "expect")) {
            m_expects = equalIgnoringCase(value, "100-continue");
            if (!m_expects)
                refuse(417, "an expectation other than 100-continue");
            return m_expects;
        }
        return true;
    case 10:
        return !equalIgnoringCase(name, "connection") || connection(value);
    case 14:
        return !equalIgnoringCase(name, "content-length") || contentLengthField(value);
    case 17:
        return !equalIgnoringCase(name, "transfer-encoding") || transferEncoding(value);
    default:
        return true;
    }
}

bool HeadCheck::hostField(std::string_view value)
{
    if (m_kind == Kind::response)
        return true;
    if (++m_hosts > 1 || !isAuthority(value)) {
        refuse(400, m_hosts > 1 ? "two Host fields" : "a Host field that names no host");
        return false;
    }
    return true;
}

bool HeadCheck::contentLengthField(std::string_view value)
{
    const auto* end = value.data() + value.size();
    const auto [last, error] = std::from_chars(value.data(), end, m_length);
    const bool number =
        !value.empty() && isDigit(value.front()) && last == end && error == std::errc {};
    if (++m_lengths > 1 || !number) {
        refuse(400,
               m_lengths > 1 ? "two Content-Length fields" : "a Content-Length that is no number");
        return false;
    }
    return true;
}

bool HeadCheck::transferEncoding(std::string_view value)
{
    if (++m_codings > 1 || !http::equalIgnoringCase(value, "chunked")) {
        refuse(400, "a Transfer-Encoding other than chunked");
        return false;
    }
    return true;
}

// Whoever drops the fields that it names must not lose these.
bool HeadCheck::connection(std::string_view value)
{
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        const std::string_view option = http::trimmed(value.substr(0, comma));
        value.remove_prefix(std::min(comma + 1, value.size()));
        const bool needed = http::equalIgnoringCase(option, "host")
            || http::equalIgnoringCase(option, "content-length")
            || http::equalIgnoringCase(option, "transfer-encoding");
        if (needed || !(option.empty() || isToken(option))) {
            refuse(400, "a Connection field that names what every hop needs");
            return false;
        }
    }
    return true;
}

bool HeadCheck::whole()
{
    if (m_lengths > 0 && m_codings > 0)
        refuse(400, "Transfer-Encoding beside Content-Length");
    else if (m_codings > 0 && m_http10)
        refuse(400, "Transfer-Encoding in HTTP/1.0");
    else if (m_kind == Kind::request && m_hosts == 0 && !m_http10)
        refuse(400, "no Host field");
    else if (m_kind == Kind::request && m_length > m_limits->requestBody)
        refuse(413, "its body is too large");
    return m_why.empty();
}

} // namespace stickyscope::wire
