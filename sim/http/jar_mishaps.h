// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/model/intervention.h"

#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::http {

/// What befalls the cookies of clients, in every world alike.
struct JarMishap
{
    Intervention::Kind kind {}; ///< one of cookies
    std::vector<std::string_view> sticky; ///< the balancers' own names, where it is about these
    /// shareCookies: from where; swapCookies: with which. Null: the other client has none.
    CookieJar* other = nullptr;
};

void befall(CookieJar& jar, const JarMishap& mishap);

/// A Cookie field as clients send it that take off the quotes which a value came in.
std::string withoutQuotes(std::string_view cookies);

} // namespace stickyscope::http
