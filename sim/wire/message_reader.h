// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/wire/message_limits.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace stickyscope::wire {

class RequestStream;
class ResponseStream;

enum class ReadState : std::uint8_t
{
    needsMore,
    complete,
    malformed
};

/// Reads one whole HTTP/1.1 response from octets as they come, as strictly as MessageStream.
/// Limits: 64 KiB of head, 10 MiB of body.
class ResponseReader
{
public:
    /// `toHead`: the request was a HEAD, whose response has no body.
    explicit ResponseReader(bool toHead = false);
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;
    ~ResponseReader();

    /// For the next response of the same connection, or, after anything but a complete one, of
    /// another.
    void restart(bool toHead);
    ReadState feed(std::string_view octets);
    /// The peer has closed: complete where the body ends with the connection. Else head() is what
    /// came of the answer: the head, if it is whole.
    ReadState end();

    const http::ResponseHead& head() const { return m_head; }
    const std::string& body() const { return m_body; }
    http::ResponseHead takeHead() { return std::move(m_head); }
    std::string takeBody() { return std::move(m_body); }
    /// What was taken of a complete response: its room serves for the next one.
    void giveBack(http::ResponseHead head, std::string body);
    /// What came behind a complete response, such as the first WebSocket frames.
    const std::string& leftover() const { return m_leftover; }
    bool keepsAlive() const { return m_keepsAlive; }
    bool hasBegun() const { return m_begun; }
    /// Whether the peer's first octets are an HTTP/2 SETTINGS frame.
    bool looksLikeHttp2() const { return m_http2; }
    const std::string& error() const { return m_error; }

private:
    ReadState malformed(std::string_view why);
    void take();

    std::unique_ptr<ResponseStream> m_stream;
    http::ResponseHead m_head;
    std::string m_body;
    std::string m_leftover;
    std::string m_error;
    bool m_between = true; ///< messages of the stream
    bool m_begun = false;
    bool m_hasHead = false;
    bool m_keepsAlive = false;
    bool m_http2 = false;
};

/// Reads one HTTP/1.1 request in the same way.
class RequestReader
{
public:
    explicit RequestReader(const MessageLimits& limits = {});
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;
    ~RequestReader();

    ReadState feed(std::string_view octets);
    const http::RequestHead& head() const { return m_head; }
    const std::string& body() const { return m_body; }
    bool keepsAlive() const { return m_keepsAlive; }
    bool isHttp10() const { return m_http10; }
    /// Something of a request has come, but not all of it: of its head, or of the body behind that.
    bool hasBegun() const { return m_begun; }
    bool readsBody() const { return m_inBody; }
    const std::string& leftover() const { return m_leftover; }
    /// The status to refuse a malformed request with: see RequestStream::refusal().
    int refusal() const { return m_refusal; }

private:
    std::unique_ptr<RequestStream> m_stream;
    http::RequestHead m_head;
    std::string m_body;
    std::string m_leftover;
    int m_refusal = 400;
    bool m_begun = false;
    bool m_inBody = false;
    bool m_keepsAlive = false;
    bool m_http10 = false;
};

/// A message as it goes over the wire, framed by Content-Length where it has a body.
void serialize(const http::RequestHead& head, std::string_view body, std::string& text);

} // namespace stickyscope::wire
