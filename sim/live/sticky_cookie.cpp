// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/sticky_cookie.h"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>

namespace stickyscope::live {

namespace {

// Of cookies' names alone, and of the patterns of their values. The first row that fits counts.
struct Row
{
    const char* name;
    const char* value;
    std::string_view balancer;
};
constexpr std::array<Row, 22> rows {{
    {"AWSALB(CORS|APP.*|TG.*)?", ".*", "AWS Application Load Balancer"},
    {"AWSELB(CORS)?", ".*", "AWS Classic Load Balancer"},
    {"ApplicationGatewayAffinity(CORS)?", ".*", "Azure Application Gateway"},
    {"ARRAffinity(SameSite)?", ".*", "Azure App Service"},
    {"__cflb", ".*", "Cloudflare"},
    {"GCLB|GCILB|GSSA", ".*", "Google Cloud Load Balancing"},
    {"BIGipServer.*", ".*", "F5 BIG-IP"},
    {"__VCAP_ID__", ".*", "Cloud Foundry"},
    {"\\.(Yarp|Microsoft\\.ReverseProxy)\\.Affinity", ".*", "YARP"},
    {"X-Contour-Session-Affinity", ".*", "Contour"},
    {"_[0-9a-f]{5}", "[0-9a-f]{16}", "Traefik"},
    {"lb", "[0-9a-f]{64}", "Caddy"},
    {".*", "[0-9]+\\.[0-9]+\\.[0-9]+(\\.[0-9]+)?\\|[0-9a-f]{32}", "ingress-nginx (balanced)"},
    {".*", "[0-9a-f]{32}\\|[0-9a-f]{32}", "ingress-nginx (persistent)"},
    {".*", "[^|]+\\|[A-Za-z0-9+/]{5}(\\|[A-Za-z0-9+/]{5})?", "HAProxy (maxidle or maxlife)"},
    {"ROUTEID", "[^.]*\\..+", "Apache"},
    {"JSESSIONID", "[^.]+\\..+", "Apache or mod_jk"},
    {"INGRESSCOOKIE", ".*", "ingress-nginx"},
    {".*", "\"?Cg[A-Za-z0-9+/]{10,}={0,2}\"?", "Envoy"},
    {".*", "[0-9a-f]{16}", "Traefik, or HAProxy with dynamic cookies"},
    {"SRV|SERVERID", ".*", "HAProxy"},
    {"route|srv_id", "[0-9a-f]{32}", "nginx"},
}};

bool fits(const std::regex& pattern, std::string_view text)
{
    return std::regex_match(text.begin(), text.end(), pattern);
}

struct CompiledRow
{
    std::regex name;
    std::regex value;
    std::string_view balancer;
};

// Compiled once: a pattern takes longer to compile than to match.
const std::vector<CompiledRow>& compiledRows()
{
    static const std::vector<CompiledRow> compiled = [] {
        std::vector<CompiledRow> all;
        all.reserve(rows.size());
        for (const Row& row : rows)
            all.push_back({std::regex(row.name), std::regex(row.value), row.balancer});
        return all;
    }();
    return compiled;
}

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
    // No balancer's are longer, and std::regex recurses with every character.
    constexpr std::size_t longestName = 256;
    constexpr std::size_t longestValue = 1024;
    if (name.size() > longestName || value.size() > longestValue)
        return std::nullopt;
    for (const CompiledRow& row : compiledRows()) {
        if (fits(row.name, name) && fits(row.value, value))
            return Fingerprint {row.balancer};
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
