// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stickyscope {

/// The hash functions of the balancers. None of them allocates.

/// CRC-32 (IEEE 802.3) as zlib's: of `text` behind what `before` is the CRC of.
std::uint32_t crc32(std::string_view text, std::uint32_t before = 0);
std::uint64_t xxHash64(std::string_view text, std::uint64_t seed);
/// xxHash64 of two texts one behind the other.
std::uint64_t xxHash64(std::string_view first, std::string_view second);

/// FNV-1a, 32 bits (Go's fnv.New32a); `before` continues an earlier one.
constexpr std::uint32_t fnv1a32(std::string_view text, std::uint32_t before = 0x811c9dc5)
{
    for (const char letter : text)
        before = (before ^ static_cast<unsigned char>(letter)) * 0x01000193U;
    return before;
}

/// FNV-1a, 64 bits (Go's fnv.New64a); `before` continues an earlier one.
constexpr std::uint64_t fnv1a64(std::string_view text, std::uint64_t before = 0xcbf29ce484222325)
{
    for (const char letter : text)
        before = (before ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
    return before;
}

/// HAProxy's `hash-type` functions (src/hash.c).
std::uint32_t sdbm(std::string_view text);
std::uint32_t djb2(std::string_view text);
std::uint32_t wt6(std::string_view text);

/// Bob Jenkins' full avalanche, times a prime near 3/4 of the range: HAProxy's full_hash()
/// (include/haproxy/intops.h), which its `avalanche` and its ring use.
constexpr std::uint32_t fullHash(std::uint32_t a)
{
    a = (a + 0x7ed55d16) + (a << 12U);
    a = (a ^ 0xc761c23c) ^ (a >> 19U);
    a = (a + 0x165667b1) + (a << 5U);
    a = (a + 0xd3a2646c) ^ (a << 9U);
    a = (a + 0xfd7046c5) + (a << 3U);
    a = (a ^ 0xb55a4f09) ^ (a >> 16U);
    return a * 3221225473U;
}

/// The bytes of an IPv4 or IPv6 address in network order.
struct AddressBytes
{
    std::array<std::uint8_t, 16> bytes {};
    std::size_t size = 0; ///< 4 or 16
};

/// Nothing where the text is no address.
std::optional<AddressBytes> addressBytes(std::string_view text);

} // namespace stickyscope
