// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/ingress_nginx_attributes.h"

#include "sim/http/head.h"
#include "sim/http/url.h"
#include "sim/products/cookie_text.h"
#include "sim/products/nginx_cookie.h"

#include <algorithm>
#include <chrono>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

// Programs that are known to refuse a cookie with SameSite=None, or to take it for Strict (lua's
// util/same_site.lua): Chrome 40 to 69, whatever runs on iOS 12, Safari on macOS 10.14. By these
// marks anything that calls itself Chrome/4, /5 or /6 is meant as well.
bool refusesSameSiteNone(std::string_view userAgent)
{
    const auto has = [userAgent](std::string_view mark) {
        return userAgent.find(mark) != std::string_view::npos;
    };
    if (has("Chrome/4") || has("Chrome/5") || has("Chrome/6"))
        return true;
    if (has("CPU iPhone OS 12") || has("iPad; CPU OS 12"))
        return true;
    return has("Macintosh") && has("Intel Mac OS X 10_14") && has("Safari") && !has("Chrome");
}

std::string locationOf(const std::vector<RouteSpec>& routes, const Placement& placement)
{
    const std::string host = http::lowered(http::withoutPort(placement.host));
    const auto route = std::find_if(routes.begin(), routes.end(), [&](const RouteSpec& one) {
        return one.fits(host, placement.target);
    });
    return route == routes.end() ? "/" : route->path;
}

} // namespace

std::string ingressAttributes(const StickySpec& spec, const std::vector<RouteSpec>& routes,
                              const Placement& placement)
{
    std::string text;
    const auto expires = std::chrono::floor<std::chrono::seconds>(spec.settings.time("expires"));
    if (expires > 0s)
        text += "; Expires=" + nginxCookieTime(placement.now + expires);
    if (spec.maxAge)
        text += "; Max-Age=" + std::to_string(spec.maxAge->count());
    if (!spec.domain.empty())
        text += "; Domain=" + spec.domain;
    text += "; Path=" + spec.path.value_or(locationOf(routes, placement));
    if (spec.secure || placement.secure)
        text += "; Secure";
    text += "; HttpOnly";
    const bool withheld = spec.sameSite == SameSite::none
        && spec.settings.flag("conditional-samesite-none")
        && refusesSameSiteNone(placement.userAgent);
    if (spec.sameSite != SameSite::unset && !withheld)
        text.append("; SameSite=").append(sameSiteWord(spec.sameSite));
    return text;
}

} // namespace stickyscope
