// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <cstdint>
#include <string>

namespace stickyscope::lab {

/// What a replica tells of requests that are not our own clients', to be joined by X-Request-Id
/// with what our balancer saw of them. Health checks are not told.
struct ReplicaEvent
{
    enum class Kind : std::uint8_t
    {
        asked, ///< a request came
        answered, ///< it was answered; of a WebSocket its handshake, with 101 or another status
        message, ///< it answered a message on a WebSocket
        closed ///< that WebSocket is closed
    };

    Kind kind {};
    bool direct = false; ///< it came past the balancer, straight to the replica
    std::string requestId; ///< of a WebSocket: its handshake's; made here where none came
    std::string source; ///< address and port that it came from, as the balancer says, if it does
    std::string path;
    std::string sticky; ///< the value of the balancer's cookie, where it was passed on
    std::string agent; ///< User-Agent
    bool webSocket = false; ///< it asks for one
    bool origin = false; ///< and says by Origin whose page does, as browsers must (RFC 6455 4.1)
    std::string visitor; ///< the jar's name, from the cookie that the page sets; empty: none
    int code = 0; ///< status, or WebSocket close code
};

} // namespace stickyscope::lab
