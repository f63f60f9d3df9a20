// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/ingress_nginx_canary.h"

#include "sim/http/cookie.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/regular_expression.h"

#include <algorithm>

namespace stickyscope {

namespace {

constexpr std::string_view source = "ingress-nginx: balancer.lua, route_to_alternative_balancer";
constexpr Rule byHeader {"Its header says so: ingress-nginx sends it to the canary.", source};
constexpr Rule byCookie {
    "The cookie of canary-by-cookie says so: ingress-nginx sends it to the canary.", source};
constexpr Rule byWeight {"It is one of those that canary-weight sends to the canary.", source};

std::string keyOf(const std::string& name)
{
    return md5Hex(md5Hex(name) + name);
}

// The value of the last cookie of this name, as lua-resty-cookie reads them.
std::string_view affinityCookie(const http::RequestHead& request, std::string_view name)
{
    std::string_view value;
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name == name)
                value = pair.value;
        }
    }
    return value;
}

CanaryChoice goes(const Rule& rule)
{
    return {.is = CanaryChoice::Is::yes, .rule = &rule};
}

// Absent where no header says anything.
std::optional<CanaryChoice> choiceByHeader(const Settings& given, const http::RequestHead& request)
{
    const std::string header = given.text("canary-by-header");
    const std::string* value = header.empty() ? nullptr : request.fields.find(header);
    if (!value)
        return std::nullopt;
    const std::string wanted = given.text("canary-by-header-value");
    const std::string pattern = wanted.empty() ? given.text("canary-by-header-pattern") : "";
    if (!pattern.empty())
        return findsPattern(pattern, *value) ? std::optional(goes(byHeader)) : std::nullopt;
    if (*value == (wanted.empty() ? "always" : wanted))
        return goes(byHeader);
    return wanted.empty() && *value == "never" ? std::optional(CanaryChoice {}) : std::nullopt;
}

} // namespace

std::string ingressBackend(const StickySpec& spec, bool canary)
{
    return canary ? "default-webapp-canary-80" : spec.settings.text("backend", "default-webapp-80");
}

std::string ingressBackendKey(const StickySpec& spec, bool canary)
{
    // Asked for each request; a name of one's own is rare.
    static const std::string usual[] = {keyOf(ingressBackend({}, false)),
                                        keyOf(ingressBackend({}, true))};
    if (canary || !spec.settings.has("backend"))
        return usual[canary ? 1 : 0];
    return keyOf(ingressBackend(spec, canary));
}

std::string_view ingressBackendKeyIn(std::string_view value)
{
    const auto mark = value.find('|');
    if (mark == std::string_view::npos)
        return {};
    value.remove_prefix(mark + 1);
    return value.substr(0, value.find('|'));
}

bool canaryIsSticky(const BalancerSpec& balancer)
{
    return balancer.sticky
        && balancer.sticky->settings.text("affinity-canary-behavior", "sticky") == "sticky";
}

CanaryChoice ingressCanary(const BalancerSpec& balancer, const http::RequestHead& request)
{
    if (balancer.sticky) {
        const std::string& name = balancer.sticky->cookie;
        const std::string_view key =
            ingressBackendKeyIn(affinityCookie(request, name.empty() ? "INGRESSCOOKIE" : name));
        if (key == ingressBackendKey(*balancer.sticky, false))
            return {};
        if (key == ingressBackendKey(*balancer.sticky, true) && canaryIsSticky(balancer))
            return {.is = CanaryChoice::Is::yes};
    }
    const Settings& given = balancer.settings;
    if (const auto choice = choiceByHeader(given, request))
        return *choice;
    const std::string cookie = given.text("canary-by-cookie");
    if (const auto value = cookie.empty() ? std::nullopt : nginxCookie(request, cookie)) {
        if (*value == "always")
            return goes(byCookie);
        if (*value == "never")
            return {};
    }
    const auto all = std::max<std::int64_t>(given.whole("canary-weight-total", 100), 100);
    return {.is = CanaryChoice::Is::drawn,
            .weight = static_cast<int>(given.whole("canary-weight", 0)),
            .of = static_cast<int>(all),
            .rule = &byWeight};
}

} // namespace stickyscope
