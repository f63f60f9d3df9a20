// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/cookie_formats.h"

#include <string>
#include <string_view>
#include <vector>

// What can be read in the forms of sticky cookies, and which values a server can have in them: the
// columns of the table of forms.
namespace stickyscope::cookie_readings {

using Lines = std::vector<std::string>;

std::string_view unquoted(std::string_view value);

// What a value holds.
Lines haproxyDates(std::string_view value);
Lines envoySession(std::string_view value);
Lines envoyAddress(std::string_view value);
Lines meshAddress(std::string_view value);
Lines nginxUser(std::string_view value);
Lines whole(std::string_view value);
Lines afterDot(std::string_view value);
Lines beforeTilde(std::string_view value);
Lines f5Server(std::string_view value);

// The values that this server can have.
Lines traefikValues(const CookieServer& server, std::string_view);
Lines traefikOrHaproxyValues(const CookieServer& server, std::string_view key);
Lines urlValues(const CookieServer& server, std::string_view);
Lines envoyValues(const CookieServer& server, std::string_view);
Lines caddyValues(const CookieServer& server, std::string_view secret);
Lines md5Values(const CookieServer& server, std::string_view key);
Lines sha1Values(const CookieServer& server, std::string_view key);
Lines placeValues(const CookieServer& server, std::string_view);
Lines yarpValues(const CookieServer& server, std::string_view);
Lines f5Values(const CookieServer& server, std::string_view);

} // namespace stickyscope::cookie_readings
