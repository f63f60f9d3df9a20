// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/message_limits.h"

#include <cstdint>
#include <string_view>

namespace stickyscope::wire {

/// How the end of a message's body is known.
enum class Framing : std::uint8_t
{
    none, ///< it has no body
    length, ///< Content-Length
    chunked,
    untilClose ///< a response's alone
};

/// Looks at the head of an HTTP/1.1 message, line by line as it comes and each octet once, for what
/// lenient parsers forgive and peers may understand in two ways: it is refused. RFC 9112: folded
/// lines, blanks before the colon, bare CR and LF, two lengths or hosts, a length beside
/// Transfer-Encoding, codings other than chunked, a body with a 204, odd versions. Sizes are
/// limited as well. tests/wire/llhttp holds it against Node's parser.
class HeadCheck
{
public:
    enum class Kind : std::uint8_t
    {
        request,
        response
    };
    enum class State : std::uint8_t
    {
        incomplete,
        complete,
        refused
    };

    HeadCheck(Kind kind, const MessageLimits& limits)
        : m_kind(kind)
        , m_limits(&limits)
    {
    }

    /// `text` is all of the message that is there, from its first octet on.
    State look(std::string_view text);

    std::size_t size() const { return m_line; } ///< of a complete head, its empty line included
    int status() const { return m_status; } ///< to refuse a request with
    std::string_view why() const { return m_why; } ///< of a refusal

    bool isHttp10() const { return m_http10; }
    bool hasContentLength() const { return m_lengths > 0; }
    std::uint64_t contentLength() const { return m_length; }
    bool isChunked() const { return m_codings > 0; }
    bool expectsContinue() const { return m_expects; }

private:
    State refuse(int status, std::string_view why);
    State begins(std::string_view text);
    State sizeUpTo(std::size_t reached);
    bool firstLine(std::string_view line);
    bool requestLine(std::string_view line);
    bool statusLine(std::string_view line);
    bool version(std::string_view text);
    bool field(std::string_view line);
    bool known(std::string_view name, std::string_view whole);
    bool withoutTab(std::string_view value);
    bool contentLengthField(std::string_view value);
    bool transferEncoding(std::string_view value);
    bool hostField(std::string_view value);
    bool connection(std::string_view value);
    bool whole();

    Kind m_kind;
    const MessageLimits* m_limits;
    std::size_t m_line = 0; ///< where the next line begins
    std::size_t m_seen = 0; ///< up to here there is no end of it
    std::size_t m_fields = 0;
    std::uint64_t m_length = 0;
    std::string_view m_why;
    int m_status = 400;
    int m_hosts = 0;
    int m_lengths = 0;
    int m_codings = 0;
    bool m_started = false; ///< the first line has been read
    bool m_http10 = false;
    bool m_noBody = false; ///< by a response's status: 1xx, 204
    bool m_expects = false;
};

} // namespace stickyscope::wire
