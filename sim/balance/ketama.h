// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/hash_ring.h"
#include "sim/balance/hashes.h"

#include <cstdint>
#include <string>

namespace stickyscope {

/// The points of one server on a ring of CRCs: 160 for each unit of weight, each the CRC of
/// `base` and of the point before it, as four bytes with the lowest first. nginx:
/// ngx_http_upstream_hash_module.c, after Cache::Memcached::Fast; lua-resty-balancer: chash.c.
inline void addKetamaPoints(HashRing<std::uint32_t>& ring, ReplicaIndex replica, std::uint32_t base,
                            int weight)
{
    constexpr int pointsEach = 160;
    std::uint32_t point = 0;
    for (int left = weight * pointsEach; left > 0; --left) {
        const std::array<char, 4> before {
            static_cast<char>(point & 0xffU), static_cast<char>((point >> 8U) & 0xffU),
            static_cast<char>((point >> 16U) & 0xffU), static_cast<char>(point >> 24U)};
        point = crc32({before.data(), before.size()}, base);
        ring.add(point, replica);
    }
}

} // namespace stickyscope
