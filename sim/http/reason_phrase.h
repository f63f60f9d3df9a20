// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace stickyscope::http {

/// "Not Found": of the statuses that this program sets itself (RFC 9110 15, RFC 6585, and what
/// products have of their own); of others "Unknown".
std::string_view reasonPhrase(int status);

} // namespace stickyscope::http
