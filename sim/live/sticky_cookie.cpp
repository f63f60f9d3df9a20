// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/sticky_cookie.h"

#include "sim/products/cookie_formats.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace stickyscope::live {

namespace {

// One value for each replica, one replica for each value, and more than one of both.
bool goesWithReplica(const std::vector<SeenCookie>& seen, const std::string& name)
{
    std::map<std::string, std::set<std::string>> replicasOf;
    std::map<std::string, std::set<std::string>> valuesOf;
    for (const SeenCookie& cookie : seen) {
        if (cookie.name != name)
            continue;
        if (cookie.replica.empty())
            return false;
        replicasOf[cookie.value].insert(cookie.replica);
        valuesOf[cookie.replica].insert(cookie.value);
    }
    const auto one = [](const auto& entry) { return entry.second.size() == 1; };
    return replicasOf.size() > 1 && std::all_of(replicasOf.begin(), replicasOf.end(), one)
        && std::all_of(valuesOf.begin(), valuesOf.end(), one);
}

} // namespace

std::optional<Fingerprint> fingerprintOf(std::string_view name, std::string_view value)
{
    for (const CookieFormat* format : cookieFormatsOf(name, value)) {
        if (!format->is(CookieFormat::weak))
            return Fingerprint {format->balancer};
    }
    return std::nullopt;
}

std::string replicaNamedBy(std::string_view name, std::string_view value)
{
    const auto print = fingerprintOf(name, value);
    if (!print)
        return std::string(value); // the user, or the statistics, say that it is the sticky one
    for (const std::string_view known : {"Traefik", "HAProxy", "Caddy", "Envoy", "F5", "nginx"}) {
        if (!print->balancer.starts_with(known))
            continue;
        const bool dated = print->balancer == "HAProxy (maxidle or maxlife)";
        return std::string(value.substr(0, dated ? value.find('|') : std::string_view::npos));
    }
    return {};
}

bool isSessionCookieToo(std::string_view name, std::string_view value)
{
    // The names that application servers and frameworks give their session cookies by default.
    static constexpr std::array<std::string_view, 14> sessions {
        "JSESSIONID",      "PHPSESSID",        "ASP.NET_SessionId", "connect.sid",
        "sessionid",       "SESSION",          "session",           "sid",
        "laravel_session", "ci_session",       "_session_id",       "CFTOKEN",
        "rack.session",    "beaker.session.id"};
    const bool known = std::find(sessions.begin(), sessions.end(), name) != sessions.end();
    const auto tilde = value.find('~');
    const bool prefixed = tilde != std::string_view::npos && tilde > 0 && tilde + 1 < value.size();
    return known || prefixed;
}

std::optional<StickyProposal> proposeSticky(const std::vector<SeenCookie>& seen)
{
    std::optional<StickyProposal> best;
    for (const SeenCookie& cookie : seen) {
        const auto print = fingerprintOf(cookie.name, cookie.value);
        const bool names = goesWithReplica(seen, cookie.name);
        if (!print && !names)
            continue;
        StickyProposal proposal {cookie.name, print ? std::string(print->balancer) : std::string(),
                                 names, isSessionCookieToo(cookie.name, cookie.value)};
        const auto rank = [](const StickyProposal& one) {
            return (one.namesReplica ? 2 : 0) + (one.balancer.empty() ? 0 : 1);
        };
        if (!best || rank(proposal) > rank(*best))
            best = std::move(proposal);
    }
    return best;
}

} // namespace stickyscope::live
