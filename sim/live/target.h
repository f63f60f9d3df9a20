// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/http/head.h"
#include "sim/model/outcome.h"
#include "sim/wire/endpoint.h"

#include <string>
#include <string_view>

namespace stickyscope::live {

/// What to ask of a real service, and how.
struct Target
{
    wire::Endpoint endpoint;
    http::RequestHead request; ///< method, target and the user's own fields; Host only where given
    std::string body;
    std::string cookies; ///< a Cookie field given by hand; sent with every request
    std::string cookieFileIn; ///< Netscape format, read before the first request
    std::string cookieFileOut; ///< written at the end
    http::CookieJar initialJar; ///< what each client begins with (from cookieFileIn)
    bool requestId = true; ///< whether each request carries an X-Request-Id

    /// Whether a cookie of this name is given by hand.
    bool gives(std::string_view cookie) const;

    /// GET, HEAD and OPTIONS may be repeated without a second thought (RFC 9110 9.2.2; PUT and
    /// DELETE are idempotent too, but change things).
    bool isSafe() const
    {
        return request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
    }
};

/// An address, or a pasted curl command.
Outcome<Target> parseTarget(std::string_view text);

/// The same service at another path, asked by GET: "/streaming", "/hostname?x=1".
Target atPath(const Target& target, std::string_view path);

/// The jar that a client begins with: the target's, and of the cookies given by hand the sticky
/// ones (`sticky`, or by their pattern), which are taken out of `target`. The others stay and go
/// with every request: a login stays a login, and "off" can withhold the sticky cookie alone.
http::CookieJar jarFor(Target& target, std::string_view sticky);

/// What must not go over the wire in this request, in one sentence; empty where all is well.
std::string faultIn(const Target& target);

/// The head of one request: the target's fields, Host, User-Agent, and these cookies.
http::RequestHead requestFor(const Target& target, const std::string& cookies,
                             const std::string& requestId);

} // namespace stickyscope::live
