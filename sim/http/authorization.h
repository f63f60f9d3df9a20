// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace stickyscope::http {

/// "Basic ..." for "name:password" (RFC 7617), as Authorization and Proxy-Authorization hold it.
std::string basicAuthorization(std::string_view user);

} // namespace stickyscope::http
