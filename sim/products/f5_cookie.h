// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// BIG-IP's cookie for "10.1.1.100:80": "1677787402.20480.0000", the address as a little-endian
/// number and the port with its octets swapped; for "[2001:112::30]:80":
/// "vi20010112000000000000000000000030.20480" (F5 K6917). Empty for anything but addresses; 80
/// where there is no port.
std::string writeF5Cookie(std::string_view address);
/// "10.1.1.100:80", "[2001:112::30]:80", also of "rd5o00000000000000000000ffff0a010164o80", in a
/// route domain (F5 K6917); absent where the value is of another form.
std::optional<std::string> readF5Cookie(std::string_view value);

} // namespace stickyscope
