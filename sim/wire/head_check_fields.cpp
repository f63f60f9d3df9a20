// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/head.h"
#include "sim/wire/head_check.h"
#include "sim/wire/head_syntax.h"

#include <algorithm>
#include <charconv>

namespace stickyscope::wire {

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
    const std::string_view value = line.substr(colon + 1);
    if (!isFieldValue(value)) {
        refuse(400, "a control character in a header field");
        return false;
    }
    return known(line.substr(0, colon), value);
}

bool HeadCheck::known(std::string_view name, std::string_view whole)
{
    using http::equalIgnoringCase;
    const std::string_view value = http::trimmed(whole);
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
        return !equalIgnoringCase(name, "connection") || (connection(value) && withoutTab(whole));
    case 14:
        return !equalIgnoringCase(name, "content-length")
            || (contentLengthField(value) && withoutTab(whole));
    case 16:
        return !equalIgnoringCase(name, "proxy-connection")
            || (connection(value) && withoutTab(whole));
    case 17:
        return !equalIgnoringCase(name, "transfer-encoding")
            || (transferEncoding(value) && withoutTab(whole));
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

// A tab may stand around any word (RFC 9110 5.6.3); but llhttp takes "chunked<tab>" for another
// coding, and so for a body that ends with the connection, and "close<tab>" for another option.
bool HeadCheck::withoutTab(std::string_view value)
{
    if (value.find('\t') == std::string_view::npos)
        return true;
    refuse(400, "a tab in a field that says where a message ends");
    return false;
}

// Whoever drops the fields that it names must not lose these.
bool HeadCheck::connection(std::string_view value)
{
    if (http::equalIgnoringCase(value, "keep-alive"))
        return true; // as most say
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        const std::string_view option = http::trimmed(value.substr(0, comma));
        value.remove_prefix(std::min(comma + 1, value.size()));
        const bool needed = http::equalIgnoringCase(option, "host")
            || http::equalIgnoringCase(option, "content-length")
            || http::equalIgnoringCase(option, "transfer-encoding");
        if (needed || !(option.empty() || isToken(option))) {
            refuse(400, "a Connection field that is no list, or names what every hop needs");
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
    else if (m_noBody && (m_codings > 0 || m_length > 0))
        // RFC 9112 6.3: there is none, whatever it says; but not all go by that.
        refuse(400, "a body with a status that has none");
    else if (m_kind == Kind::request && m_hosts == 0 && !m_http10)
        refuse(400, "no Host field");
    else if (m_kind == Kind::request && m_length > m_limits->requestBody)
        refuse(413, "its body is too large");
    return m_why.empty();
}

} // namespace stickyscope::wire
