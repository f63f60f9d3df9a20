// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/traefik_stickiness.h"

#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"

#include <map>

namespace stickyscope {

const Rule traefikPicked {"It carries no sticky cookie: Traefik picks a server by its strategy.",
                          "Traefik 3: pkg/server/service/loadbalancer"};

namespace {

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
constexpr Rule ignored {"Traefik's strategy hrw ignores sticky: it picks by the client's address.",
                        "Traefik 3: loadbalancer/hrw"};

// http://ip:port; of a service behind another one its name, as it is listed there. Of that, the
// hash (loadbalancer/sticky.go; measured on 3.7.15).
const std::string& hashedOf(const ReplicaView& server)
{
    return server.isBalancer ? server.name : server.url;
}

std::string traefikValue(std::string_view hashed)
{
    return sha256Hex(hashed).substr(0, 16);
}

// Traefik: "_" and the first five digits of a hash over the service's name, which is "app" where it
// has none, as in the configurations that are written (resources/balancers/traefik/dynamic.yml).
std::string nameOrDefault(const std::string& name, const std::string& service)
{
    if (name.empty())
        return "_"
            + sha1Hex("_TRAEFIK_BACKEND_" + (service.empty() ? "app" : service) + "@file")
                  .substr(0, 5);
    return asToken(name);
}

class TraefikCookie final : public CloneableSticky<TraefikCookie>
{
public:
    TraefikCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
        : m_name(nameOrDefault(balancer.sticky->cookie, balancer.name))
        , m_spec(*balancer.sticky)
    {
        if (m_spec.settings.flag("max-age-negative"))
            m_spec.maxAge = std::chrono::seconds(-1);
        write({});
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override
    {
        const auto index = static_cast<ReplicaIndex>(m_named.size());
        const std::string& hashed = hashedOf(replica);
        m_named.add(traefikValue(hashed));
        for (const std::string& old : {hashed, fnv1Hex(hashed), fnv1Hex(fnv1Hex(hashed))})
            m_outdated.try_emplace(old, index);
    }
    void removed(ReplicaIndex replica) override
    {
        m_named.remove(replica);
        std::erase_if(m_outdated, [replica](const auto& row) { return row.second == replica; });
    }

    void configured(WallSeconds now) override
    {
        if (const Duration lasts = m_spec.settings.time("expires"); lasts > Duration::zero())
            write(now + std::chrono::floor<std::chrono::seconds>(lasts));
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto value = goCookie(arrival.request, m_name, true);
        if (!value)
            return {.rule = &traefikPicked};
        const ReplicaIndex named = m_named.find(*value);
        const auto outdated = m_outdated.find(*value);
        if (named == noReplica && outdated == m_outdated.end())
            return {.state = CookieIn::unknown, .rule = &unknown};
        const bool old = named == noReplica;
        const ReplicaIndex index = old ? outdated->second : named;
        const ReplicaView& replica = replicas[index];
        if (!replica.up || replica.weight == 0)
            return {.state = CookieIn::down, .names = index, .rule = &down};
        const Rule& rule = old ? legacy : replica.draining ? fenced : valid;
        return {.state = replica.draining ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rewrite = old,
                .rule = &rule};
    }

    // On its own 502 as well: the cookie is written before the request is sent on.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.replica == noReplica || (placement.recall.bound && !placement.recall.rewrite))
            return CookieOut::none;
        response.fields.addFirst("Set-Cookie",
                                 m_name + "=" + m_named.valueOf(placement.replica) + m_attributes);
        return placement.recall.state == CookieIn::none ? CookieOut::inserted
                                                        : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    void write(std::optional<WallSeconds> expires)
    {
        m_attributes = attributesInGoOrder(m_spec, m_spec.path.value_or("/"), expires);
    }

    std::string m_name;
    StickySpec m_spec;
    std::string m_attributes;
    NamedReplicas m_named;
    std::map<std::string, ReplicaIndex, std::less<>> m_outdated; ///< in an older format
};

} // namespace

std::unique_ptr<StickyPolicy> makeTraefikCookie(const BalancerSpec& balancer,
                                                const ReplicaSet& replicas)
{
    if (balancer.algorithm == "hrw")
        return makeNoStickiness(ignored);
    return std::make_unique<TraefikCookie>(balancer, replicas);
}

} // namespace stickyscope
