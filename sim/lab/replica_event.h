// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <cstdint>
#include <string>

namespace stickyscope::lab {

/// What a replica tells of requests that are not our own clients', to be joined with what the
/// balancer saw of them by X-Request-Id.
struct ReplicaEvent
{
    enum class Kind : std::uint8_t
    {
        asked, ///< a request came
        message, ///< it answered a message on a WebSocket
        closed ///< that WebSocket is closed
    };

    Kind kind {};
    std::string requestId; ///< of a WebSocket: its handshake's
    std::string agent; ///< User-Agent
    std::string visitor; ///< the jar's name, from the cookie that the page sets; empty: none
    int code = 0; ///< WebSocket close code
};

} // namespace stickyscope::lab
