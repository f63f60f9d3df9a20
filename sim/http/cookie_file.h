// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"

#include <string>
#include <string_view>

namespace stickyscope::http {

/// A cookie file in Netscape's format, as curl's -b and -c read and write it: seven fields a line,
/// separated by tabs; "#HttpOnly_" before the domain. Lines that are none are passed over.
CookieJar readCookieFile(std::string_view text);
std::string writeCookieFile(const CookieJar& jar);

} // namespace stickyscope::http
