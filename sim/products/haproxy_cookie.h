// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// A moment as HAProxy writes it into a cookie (maxidle, maxlife): five digits of base 64, in units
/// of four seconds, rounded up (include/haproxy/base64.h, s30tob64).
std::string haproxyStamp(WallSeconds moment);
/// The number that a stamp writes: seconds divided by four, rounded up.
std::uint64_t haproxyQuarter(WallSeconds moment);
/// Absent where the text does not begin with five such digits, or they are zero.
std::optional<WallSeconds> readHaproxyStamp(std::string_view text);

/// What `dynamic-cookie-key` makes of a server's address: 16 digits of XXH64 over key, address
/// and port (src/server.c, srv_set_dyncookie). Empty where the address is no IP address.
std::string haproxyDynamicValue(std::string_view key, std::string_view address);

/// One cookie of a Cookie field as HAProxy takes it apart (http_manage_client_side_cookies):
/// cookies end at ';' and ',' outside quotes, blanks around name and value do not count.
struct HaproxyCookiePart
{
    std::string_view lead; ///< blanks before the name
    std::string_view name;
    std::string_view value;
    std::string_view trail; ///< blanks behind the value
    char delimiter = 0; ///< before it; 0: it is the first
    bool hasValue = false; ///< there is an equals sign

    /// $Version and the like belong to the cookie before them.
    bool isAttribute() const { return name.starts_with('$'); }
    bool is(std::string_view wanted) const { return hasValue && name == wanted; }
};
std::vector<HaproxyCookiePart> haproxyCookieParts(std::string_view field);

/// The field without the cookies of this name; empty where nothing of it is worth keeping.
std::string withoutHaproxyCookie(std::string_view field, std::string_view name);
/// The field with each value of this name without what stands before its first '~', and with no
/// blanks around equals signs.
std::string withoutHaproxyPrefix(std::string_view field, std::string_view name);
/// The field with no blanks around equals signs.
std::string tidiedHaproxyCookies(std::string_view field);

} // namespace stickyscope
