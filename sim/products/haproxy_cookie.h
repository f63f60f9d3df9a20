// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"
#include "sim/model/scenario.h"

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// A moment as HAProxy writes it into a cookie (maxidle, maxlife): five digits of base 64, in units
/// of four seconds, rounded up (include/haproxy/base64.h, s30tob64).
std::string haproxyStamp(WallSeconds moment);
/// Absent where the text does not begin with five such digits, or they are zero.
std::optional<WallSeconds> readHaproxyStamp(std::string_view text);

/// What `dynamic-cookie-key` makes of a server's address: 16 digits of XXH64 over key, address
/// and port (src/server.c, srv_set_dyncookie). Empty where the address is no IP address.
std::string haproxyDynamicValue(std::string_view key, std::string_view address);

} // namespace stickyscope
