// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/head_check.h"

#include "sim/http/head.h"
#include "sim/wire/head_syntax.h"

#include <algorithm>

namespace stickyscope::wire {

HeadCheck::State HeadCheck::refuse(int status, std::string_view why)
{
    m_status = status;
    m_why = why;
    return State::refused;
}

HeadCheck::State HeadCheck::look(std::string_view text)
{
    const bool request = m_kind == Kind::request;
    // What can be no request is not waited for to end.
    if (request && m_seen == 0 && !text.empty() && !isToken(text.substr(0, 1)))
        return refuse(
            400, text.front() == '\x16' ? "TLS, where plain HTTP is spoken" : "no request line");
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
    // At least one octet, a line's end, is still to come.
    return reached >= largestHead ? refuse(431, "its head is too large") : State::incomplete;
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
    if (origin)
        return true;
    const std::string name = http::lowered(target.substr(0, scheme));
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

// RFC 9112 4: "HTTP/1.1 200 OK"; the words may lack, the blank before them may not.
bool HeadCheck::statusLine(std::string_view line)
{
    if (!line.starts_with("HTTP/")) {
        refuse(400, "it does not begin with HTTP/");
        return false;
    }
    if (!version(line.substr(0, line.find(' '))))
        return false;
    const bool three = line.size() >= 13 && line[9] >= '1' && line[9] <= '9' && isDigit(line[10])
        && isDigit(line[11]) && line[12] == ' ';
    if (!three || !isFieldValue(line)) {
        refuse(400, "no status of three digits, or no blank behind it");
        return false;
    }
    m_noBody = line[9] == '1' || line.substr(9, 3) == "204";
    return true;
}

} // namespace stickyscope::wire
