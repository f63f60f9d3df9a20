// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace stickyscope::wire {

enum class ReadState : std::uint8_t
{
    needsMore,
    complete,
    malformed
};

/// Reads one HTTP/1.1 response from octets as they come. Strict: any doubt about framing is
/// malformed (obsolete line folding, odd Transfer-Encoding, two lengths). Limits: 64 KiB of head,
/// 10 MiB of body.
class ResponseReader
{
public:
    /// `toHead`: the request was a HEAD, whose response has no body.
    explicit ResponseReader(bool toHead = false);
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;
    ~ResponseReader();

    ReadState feed(std::string_view octets);
    /// The peer has closed: complete where the body ends with the connection.
    ReadState end();

    const http::ResponseHead& head() const { return m_head; }
    const std::string& body() const { return m_body; }
    /// What came behind a complete response, such as the first WebSocket frames.
    const std::string& leftover() const { return m_buffer; }
    bool keepsAlive() const { return m_keepsAlive; }
    bool hasBegun() const { return m_begun; }
    /// Whether the peer's first octets are an HTTP/2 SETTINGS frame.
    bool looksLikeHttp2() const { return m_http2; }
    const std::string& error() const { return m_error; }

private:
    struct Parser;

    ReadState malformed(std::string why);
    ReadState advance();
    void take();

    std::unique_ptr<Parser> m_parser;
    http::ResponseHead m_head;
    std::string m_body;
    std::string m_buffer;
    std::string m_error;
    bool m_toHead;
    bool m_begun = false;
    bool m_headChecked = false;
    bool m_keepsAlive = false;
    bool m_http2 = false;
};

/// Reads one HTTP/1.1 request in the same way. Limits: 32 KiB of head, 10 MiB of body.
class RequestReader
{
public:
    RequestReader();
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;
    ~RequestReader();

    ReadState feed(std::string_view octets);
    const http::RequestHead& head() const { return m_head; }
    const std::string& body() const { return m_body; }
    bool keepsAlive() const { return m_keepsAlive; }
    const std::string& leftover() const { return m_buffer; }
    /// The status to refuse a malformed request with: 400, 413 or 431.
    int refusal() const { return m_refusal; }

private:
    struct Parser;

    std::unique_ptr<Parser> m_parser;
    http::RequestHead m_head;
    std::string m_body;
    std::string m_buffer;
    int m_refusal = 400;
    bool m_headChecked = false;
    bool m_keepsAlive = false;
};

/// A message as it goes over the wire, framed by Content-Length where it has a body.
std::string serialize(const http::RequestHead& head, std::string_view body);
std::string serialize(const http::ResponseHead& head, std::string_view body);

} // namespace stickyscope::wire
