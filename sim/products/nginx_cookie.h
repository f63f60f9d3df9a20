// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/instant.h"

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// A cookie as nginx reads it ($cookie_NAME, userid): the first of this name, in any case; a value
/// ends at ';', a cookie at ';' or ',' (ngx_http_parse_multi_header_lines).
std::optional<std::string_view> nginxCookie(const http::RequestHead& request,
                                            std::string_view name);
/// A parameter of the address as nginx reads it ($arg_NAME): the first of this name, in any case,
/// that has a value, be it empty (ngx_http_parse.c, ngx_http_arg).
std::optional<std::string_view> nginxParameter(const http::RequestHead& request,
                                               std::string_view name);
/// "Wed, 25-Nov-26 11:59:01 GMT": two digits of the year up to 2037 (ngx_http_cookie_time).
std::string nginxCookieTime(WallSeconds moment);

/// What it writes for `max`.
inline constexpr std::string_view nginxLastMoment = "Thu, 31-Dec-37 23:55:55 GMT";

/// What $uid_got holds for the userid module's cookie: "uid=0100007F...", four words of eight
/// digits. Absent where the value is too short or no base 64; what follows 22 digits is ignored.
std::optional<std::string> nginxUserId(std::string_view name, std::string_view value);

} // namespace stickyscope
