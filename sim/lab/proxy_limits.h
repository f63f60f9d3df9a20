// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/message_limits.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace stickyscope::lab {

/// What our balancer puts up with, and for how long. The comments say what happens beyond.
struct ProxyLimits
{
    wire::MessageLimits messages;
    std::size_t connections = 2000; ///< of clients: 503
    std::size_t connectionsPerReplica = 256; ///< open WebSockets apart; the request waits
    std::size_t queuePerReplica = 1024; ///< 503
    /// Of a connection, behind the one that is under way: the sender is not read.
    std::size_t pipelined = 16;
    /// Octets a direction, pipelined requests among them: the sender is not read.
    std::size_t buffer = std::size_t {256} << 10U;
    std::size_t replay = std::size_t {64} << 10U; ///< of a body, kept to be sent once more: 502
    int requestsPerConnection = 1000; ///< close
    std::chrono::milliseconds head {10'000}; ///< from a head's first octet to its last: 408
    std::chrono::milliseconds bodyPause {30'000}; ///< in a client's body: 408
    std::uint64_t bodyRate = 500; ///< octets a second, that beyond it it must bring: 408
    std::chrono::milliseconds sendPause {30'000}; ///< a client that does not read: close
    std::chrono::milliseconds idle {60'000}; ///< between requests, also towards replicas: close
    std::chrono::milliseconds connect {2'000}; ///< to a replica: as a refused connection
    std::chrono::milliseconds firstByte {30'000}; ///< of a replica's answer: 504
    std::chrono::milliseconds answerPause {30'000}; ///< in a replica's answer: close
    std::chrono::milliseconds tunnelIdle {3'600'000}; ///< without an octet either way: close
    /// Likewise where one end of a WebSocket has said that it sends no more: close.
    std::chrono::milliseconds tunnelClose {5'000};
    std::chrono::seconds retryAfter {1}; ///< said with a 503
};

/// How active checks ask; how often, and how many make a state, says the scenario's health check.
struct ActiveCheck
{
    std::string path; ///< GET: 200 to 399 is good; empty: a connection that opens is
    std::uint16_t port = 0; ///< 0: the server's own
    std::chrono::milliseconds timeout {1'000};
};

} // namespace stickyscope::lab
