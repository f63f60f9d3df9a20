// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/wire/chunked_body.h"
#include "sim/wire/head_check.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace stickyscope::wire {

/// What stands next in a stream of HTTP/1.1 messages.
enum class Part : std::uint8_t
{
    needsMore, ///< nothing yet: put() more
    head,
    body, ///< piece() is some of it
    end, ///< of the message; the next one may begin
    malformed ///< and nothing after it can be trusted
};

/// Takes octets as they come, and hands out messages part by part, so that a body need not be held.
/// Strict: HeadCheck, then Boost.Beast for the head's parts; ChunkedBody.
class MessageStream
{
public:
    MessageStream(const MessageStream&) = delete;
    MessageStream& operator=(const MessageStream&) = delete;
    ~MessageStream();

    void put(std::string_view octets);
    Part next();

    std::string_view piece() const { return m_piece; } ///< until the next call of next()
    std::string_view why() const { return m_why; } ///< it is malformed
    Framing framing() const { return m_framing; }
    std::uint64_t length() const { return m_check.contentLength(); } ///< Framing::length
    bool isHttp10() const { return m_check.isHttp10(); }
    /// Whether the connection outlives the message, as far as its sender is concerned.
    bool keepsAlive() const { return m_keepsAlive; }
    bool hasBegun() const { return m_begun; } ///< at least an octet of this message has come
    std::size_t waiting() const { return m_octets.size() - m_offset; } ///< not handed out yet
    std::string_view rest() const { return std::string_view(m_octets).substr(m_offset); }
    std::string takeRest();

protected:
    MessageStream(HeadCheck::Kind kind, const MessageLimits& limits);

    Part refuse(int status, std::string_view why);
    Part readHead();
    Part readBody();
    Part readChunks();
    Framing framingOfBody() const;

    struct Parser;

    HeadCheck::Kind m_kind;
    MessageLimits m_limits;
    HeadCheck m_check;
    ChunkedBody m_chunks;
    std::unique_ptr<Parser> m_parser;
    std::string m_octets;
    std::size_t m_offset = 0; ///< of what is still to be read
    std::string_view m_piece;
    std::string m_why;
    std::uint64_t m_bodyRead = 0;
    Framing m_framing = Framing::none;
    int m_status = 400; ///< for a refusal
    bool m_keepsAlive = false;
    bool m_begun = false;
    bool m_lineSkipped = false; ///< before this message
    bool m_inBody = false;
    bool m_ended = false; ///< the end is still to be told
    bool m_bodiless = false; ///< the next response answers a HEAD
    http::RequestHead m_request;
    http::ResponseHead m_response;
};

/// What comes to a server. A target in absolute form (RFC 9112 3.2.2) becomes one in origin form,
/// and its host the Host field.
class RequestStream : public MessageStream
{
public:
    explicit RequestStream(const MessageLimits& limits = {})
        : MessageStream(HeadCheck::Kind::request, limits)
    {
    }

    const http::RequestHead& head() const { return m_request; }
    http::RequestHead takeHead() { return std::move(m_request); }
    bool expectsContinue() const { return m_check.expectsContinue(); }
    /// The status to refuse a malformed request with: 400, 405, 413, 414, 417, 431 or 505.
    int refusal() const { return m_status; }
};

/// What comes from a server, interim responses (1xx) as messages of their own.
class ResponseStream : public MessageStream
{
public:
    explicit ResponseStream(const MessageLimits& limits = {})
        : MessageStream(HeadCheck::Kind::response, limits)
    {
    }

    /// Before the response's head comes: it answers a HEAD, and has no body.
    void answersHead(bool head) { m_bodiless = head; }
    const http::ResponseHead& head() const { return m_response; }
    http::ResponseHead takeHead() { return std::move(m_response); }
    /// A head that was taken: its room serves for the next one.
    void giveBack(http::ResponseHead head) { m_response = std::move(head); }
    /// The peer has closed: whether that ends the message well.
    bool endsWithConnection() const { return m_inBody && m_framing == Framing::untilClose; }
};

} // namespace stickyscope::wire
