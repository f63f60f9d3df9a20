// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"
#include "sim/model/settings.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

// What stands for a server in the cookie of a balancer that somebody describes.
namespace stickyscope {

inline constexpr std::array<std::string_view, 13> customValues {
    "name", "address", "url", "md5",    "sha256", "hmac",  "index",
    "sha1", "xxhash",  "fnv", "base64", "f5",     "random"};
inline constexpr std::array<std::string_view, 3> customValueSources {"address", "url", "name"};

/// By the settings `value`, `value-of`, `digits` and `secret`. Nothing for `random`, which the
/// balancer makes up, and for f5 where the server has no address of IPv4.
std::string customValue(const Settings& given, const ReplicaView& replica, std::size_t place);

} // namespace stickyscope
