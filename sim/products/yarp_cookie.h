// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace stickyscope {

/// What YARP's HashCookie holds for the destination of this id: the XXH64 of it in capitals
/// (HashCookieSessionAffinityPolicy.cs).
std::string yarpHashValue(std::string_view id);
/// Likewise ArrCookie: its SHA-256 in small letters, as Application Request Routing has it
/// (ArrCookieSessionAffinityPolicy.cs).
std::string yarpArrValue(std::string_view id);

} // namespace stickyscope
