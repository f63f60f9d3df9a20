// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace stickyscope::wire {

/// Sizes in octets up to which HTTP/1.1 messages are read.
struct MessageLimits
{
    std::size_t requestLine = 8192; ///< 414
    std::size_t requestHead = std::size_t {32} << 10U; ///< 431
    std::size_t requestFields = 100; ///< 431
    std::size_t field = std::size_t {16} << 10U; ///< one line of a request's head: 431
    std::uint64_t requestBody = std::uint64_t {10} << 20U; ///< 413
    std::size_t responseHead = std::size_t {64} << 10U;
    std::size_t responseFields = 200;
    std::uint64_t responseBody = ~std::uint64_t {0};
    std::uint64_t chunk = (std::uint64_t {1} << 31U) - 1; ///< 400
    std::size_t chunkExtensions = 4096; ///< all of one message: 400
    std::size_t trailer = 8192; ///< 400
};

} // namespace stickyscope::wire
