// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/message_limits.h"
#include "sim/wire/websocket_frames.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace stickyscope::lab {

/// What a WebSocket's peer may send, and how long it may take.
struct SocketLimits
{
    std::size_t message = wire::WebSocketFrames::largestMessage; ///< octets: 1009
    std::chrono::milliseconds silence {60'000}; ///< then it is asked; after another one, 1001
    std::chrono::milliseconds closeWait {5'000}; ///< for its answer to a goodbye: dropped
};

/// What a replica puts up with, and for how long. The comments say what happens beyond.
struct ReplicaLimits
{
    wire::MessageLimits messages; ///< of requests
    SocketLimits sockets;
    std::size_t connections = 2000; ///< open WebSockets apart: 503
    std::size_t requestsPerConnection = 1000; ///< close
    /// Octets that came behind the request under way: the sender is not read.
    std::size_t buffer = std::size_t {256} << 10U;
    std::chrono::milliseconds head {10'000}; ///< from a head's first octet to its last: 408
    std::chrono::milliseconds bodyPause {30'000}; ///< in a client's body: 408
    std::uint64_t bodyRate = 500; ///< octets a second, that beyond it it must bring: 408
    std::chrono::milliseconds sendPause {30'000}; ///< a client that does not read: close
    std::chrono::milliseconds idle {60'000}; ///< between requests: close
};

} // namespace stickyscope::lab
