// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <string>
#include <string_view>

namespace stickyscope::lab {

/// What a replica logs: one request's end, a message, a WebSocket's close, or what was no request.
struct ReplicaLine
{
    std::string_view replica; ///< its name
    std::string_view peer; ///< address and port of the other end
    std::string source; ///< who asked the balancer, as that says, if it does; else the peer
    std::string_view method; ///< empty: not the end of a request
    std::string_view path; ///< without a query, which may hold secrets; empty: of no request
    std::string_view requestId; ///< that came with it; empty: none did
    int status = 0; ///< 0: it was not answered
    std::string what; ///< instead of a status: "reset", "closed /streaming 1000", "refused 400"
    ClientIndex client = noClient; ///< whose request it was, where it was one of ours
    bool check = false; ///< a health check
    bool direct = false; ///< it came past the balancer
};

/// For people: "server-1 127.0.0.1:40000 GET /hostname 200 id".
std::string textOf(const ReplicaLine& line);

} // namespace stickyscope::lab
