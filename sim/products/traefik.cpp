// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>
#include <map>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 2> algorithmNames {
    {{"wrr", "traefik-wrr"}, {"p2c", "traefik-p2c"}}};

constexpr Rule picked {"It carries no sticky cookie: Traefik picks a server by its strategy.",
                       "Traefik 3: pkg/server/service/loadbalancer"};
constexpr Rule valid {"Its cookie names a server that is up: Traefik keeps to it.",
                      "Traefik 3: loadbalancer/sticky.go"};
constexpr Rule fenced {"Its cookie names a server that is draining: Traefik keeps to it.",
                       "Traefik 3: loadbalancer/sticky.go, fenced servers"};
constexpr Rule legacy {
    "Its cookie names a server in an older format: Traefik keeps to it and writes the cookie anew.",
    "Traefik 3.3.4: loadbalancer/sticky.go, compatibility map"};
constexpr Rule unknown {
    "Its cookie names no server of Traefik's: it picks anew and sets a new cookie.",
    "Traefik 3: loadbalancer/sticky.go"};
constexpr Rule down {
    "Its cookie names a server that is marked down: Traefik picks anew and sets a new cookie.",
    "Traefik 3: loadbalancer/sticky.go"};
constexpr Rule badGateway {
    "The server does not answer, and the health check has not noticed yet: Traefik answers 502.",
    "Traefik 3.7.15, measured"};

// Go's net/http: a value in quotes loses them; one with a forbidden octet is as if absent.
std::optional<std::string_view> goCookieValue(std::string_view value)
{
    if (value.size() > 1 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    const bool good = std::all_of(value.begin(), value.end(), [](unsigned char octet) {
        return octet >= 0x20 && octet < 0x7f && octet != '"' && octet != ';' && octet != '\\';
    });
    return good ? std::optional(value) : std::nullopt;
}

// Go's Request.Cookie: the first readable cookie of this name.
std::optional<std::string_view> goCookie(const http::RequestHead& request, std::string_view name)
{
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name != name)
                continue;
            if (const auto value = goCookieValue(pair.value))
                return value;
        }
    }
    return std::nullopt;
}

// Traefik: "_" and the first five digits of a hash over the service's name, here "webapp".
std::string nameOrDefault(const std::string& name)
{
    if (name.empty())
        return "_" + sha1Hex("_TRAEFIK_BACKEND_webapp@file").substr(0, 5);
    std::string result = name;
    std::replace_if(
        result.begin(), result.end(),
        [](unsigned char letter) {
            static constexpr std::string_view tokens = "!#$%&'*+-.^_`|~";
            return !std::isalnum(letter)
                && tokens.find(static_cast<char>(letter)) == std::string_view::npos;
        },
        '_');
    return result;
}

class TraefikCookie final : public StickyPolicy
{
public:
    TraefikCookie(const StickySpec& spec, const ReplicaSet& replicas)
        : m_name(nameOrDefault(spec.cookie))
        , m_attributes(attributesInGoOrder(spec))
    {
        for (const ReplicaView& replica : replicas) {
            const auto index = static_cast<ReplicaIndex>(m_values.size());
            m_values.push_back(sha256Hex(replica.url).substr(0, 16));
            m_byValue[m_values.back()] = {index, false};
            for (const std::string& old :
                 {replica.url, fnv1Hex(replica.url), fnv1Hex(fnv1Hex(replica.url))})
                m_byValue.try_emplace(old, Named {index, true});
        }
    }

    Recall recall(const http::RequestHead& request, const ReplicaSet& replicas,
                  WallSeconds) const override
    {
        const auto value = goCookie(request, m_name);
        if (!value)
            return {.rule = &picked};
        const auto found = m_byValue.find(*value);
        if (found == m_byValue.end())
            return {.state = CookieIn::unknown, .rule = &unknown};
        const auto [index, outdated] = found->second;
        const ReplicaView& replica = replicas[index];
        if (!replica.up || replica.weight == 0)
            return {.state = CookieIn::down, .names = index, .rule = &down};
        const Rule& rule = outdated ? legacy : replica.draining ? fenced : valid;
        return {.state = replica.draining ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rewrite = outdated,
                .rule = &rule};
    }

    // On its own 502 as well: the cookie is written before the request is sent on.
    CookieOut remember(const Placement& placement, Origin, http::ResponseHead& response,
                       WallSeconds) const override
    {
        if (placement.replica == noReplica || (placement.recall.bound && !placement.recall.rewrite))
            return CookieOut::none;
        response.fields.add("Set-Cookie",
                            m_name + "=" + m_values[raw(placement.replica)] + m_attributes);
        return placement.recall.state == CookieIn::none ? CookieOut::inserted
                                                        : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    struct Named
    {
        ReplicaIndex replica = noReplica;
        bool outdated = false;
    };

    std::string m_name;
    std::string m_attributes;
    std::vector<std::string> m_values;
    std::map<std::string, Named, std::less<>> m_byValue;
};

std::unique_ptr<StickyPolicy> makeCookie(const StickySpec& spec, const ReplicaSet& replicas)
{
    return std::make_unique<TraefikCookie>(spec, replicas);
}

OnFailure failed(const BalancerSpec&, Fault, int)
{
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

} // namespace

std::string attributesInGoOrder(const StickySpec& spec)
{
    std::string text;
    if (!spec.path.empty())
        text += "; Path=" + spec.path;
    if (!spec.domain.empty())
        text += "; Domain=" + spec.domain;
    if (spec.maxAge && spec.maxAge->count() != 0)
        text += "; Max-Age=" + std::to_string(std::max<long long>(spec.maxAge->count(), 0));
    if (spec.httpOnly)
        text += "; HttpOnly";
    if (spec.secure)
        text += "; Secure";
    if (spec.sameSite != SameSite::unset)
        text += spec.sameSite == SameSite::none ? "; SameSite=None"
            : spec.sameSite == SameSite::lax    ? "; SameSite=Lax"
                                                : "; SameSite=Strict";
    return text;
}

constexpr Product traefik {.id = "traefik",
                           .title = "Traefik",
                           .follows = "3.7.15",
                           .source =
                               "Traefik 3: pkg/server/service/loadbalancer; measured on 3.7.15",
                           .algorithms = algorithmNames,
                           .hasCookieScope = true,
                           .picked = &picked,
                           .sticky = makeCookie,
                           .failed = failed};

} // namespace stickyscope
