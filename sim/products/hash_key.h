// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <array>

// What products let people say of the key that their algorithms hash.
namespace stickyscope {

inline constexpr std::array<std::string_view, 6> hashedParts {"source", "header", "query",
                                                              "path",   "uri",    "cookie"};

inline constexpr Setting hashOn {
    "hash-on",
    Setting::Type::choice,
    "What the algorithm hashes: the client's address (source), a header, a parameter of the query, "
    "the path, the path with its query (uri), or a cookie.",
    "source",
    0,
    0,
    hashedParts};
inline constexpr Setting hashName {"hash-name", Setting::Type::text,
                                   "The name of the header, the parameter or the cookie.", "none"};

/// What these two say; the client's address where they are not set.
HashKey hashKeyOf(const BalancerSpec& balancer);

} // namespace stickyscope
