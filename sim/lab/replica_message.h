// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"

#include <string>
#include <string_view>

namespace stickyscope::lab {

/// One request as a replica reads it.
struct ReplicaRequest
{
    http::RequestHead head;
    std::string body;
    std::string peer; ///< address:port of the other end
    std::string visitor; ///< the jar's name, if it has one: see visitorOf()
    std::string id; ///< its X-Request-Id, or one made up by the replica
    bool http10 = false; ///< such a client knows no Upgrade (RFC 9110 7.8)

    std::string_view path() const
    {
        return std::string_view(head.target).substr(0, head.target.find('?'));
    }
    /// The value of this key in the query, or of the first cookie of this name; empty where there
    /// is none.
    std::string_view query(std::string_view key) const;
    std::string_view cookie(std::string_view name) const;
    /// RFC 6455 4.2.1: Upgrade, which Connection must name (RFC 9110 7.8), by GET of HTTP/1.1.
    bool asksForWebSocket() const;
};

/// A whole answer. Its reason, length and type are written with it.
struct ReplicaAnswer
{
    int status = 200;
    std::string body;
    std::string type = "application/json";
    http::Fields fields; ///< further ones
};

/// {"error": "Not Found"}; 426 says that it wants a WebSocket (RFC 9110 15.5.22).
ReplicaAnswer errorAnswer(int status);

} // namespace stickyscope::lab
