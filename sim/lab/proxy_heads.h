// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/wire/head_check.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace stickyscope::lab {

/// The heads that a balancer writes: always anew from what was parsed, without the fields that
/// concern one hop alone (RFC 9110 7.6.1).

/// Whether the request asks for a WebSocket (RFC 6455 4.1); `framing` is its body's.
bool asksForWebSocket(const http::RequestHead& head, wire::Framing framing);
/// Whether the response's Upgrade field names the WebSocket protocol.
bool opensWebSocket(const http::ResponseHead& head);

/// What the balancer adds to a request.
struct Forwarded
{
    std::string_view clientAddress; ///< X-Forwarded-For, behind those that are there; may be empty
    bool secure = false; ///< X-Forwarded-Proto
    std::string_view requestId; ///< X-Request-Id
    std::string_view host; ///< where the client named none
    wire::Framing framing {};
    std::uint64_t length = 0;
    bool webSocket = false;
};

/// `cookies` stand in the place of the head's own Cookie fields. What Connection names stays
/// behind, Cookie too.
void writeRequest(std::string& out, const http::RequestHead& head, const http::Fields& cookies,
                  const Forwarded& forwarded);

/// How a response reaches the client.
struct ResponseForm
{
    wire::Framing framing {}; ///< of the body that follows; none: there is none
    std::uint64_t length = 0;
    bool bodiless = false; ///< by its request or status: its Content-Length tells of another
    bool closes = false;
    bool http10 = false;
};

void writeResponse(std::string& out, const http::ResponseHead& head, const ResponseForm& form);
/// A response that comes before the real one (100, 103), or opens a WebSocket (101).
void writeInterim(std::string& out, const http::ResponseHead& head, bool webSocket);

/// The balancer's own answer, a line of text; its body goes into `body`.
http::ResponseHead ownAnswer(int status, std::chrono::seconds retryAfter, std::string& body);

/// The client's X-Request-Id where it is one word of printable ASCII, 128 at most; else empty.
std::string_view usableRequestId(const http::Fields& fields);

} // namespace stickyscope::lab
