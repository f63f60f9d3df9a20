// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

namespace stickyscope::lab {

/// What a replica puts up with, and for how long, beside what makes a message too large. The
/// comments say what happens beyond.
struct ReplicaLimits
{
    std::size_t connections = 2000; ///< open WebSockets apart: 503
    std::size_t requestsPerConnection = 1000; ///< close
    /// Octets that came behind the request under way: the sender is not read.
    std::size_t buffer = std::size_t {256} << 10U;
    std::chrono::milliseconds head {10'000}; ///< from a head's first octet to its last: 408
    std::chrono::milliseconds bodyPause {30'000}; ///< in a client's body: 408
    std::chrono::milliseconds sendPause {30'000}; ///< a client that does not read: close
    std::chrono::milliseconds idle {60'000}; ///< between requests: close
};

} // namespace stickyscope::lab
