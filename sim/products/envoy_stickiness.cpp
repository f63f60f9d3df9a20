// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/envoy_stickiness.h"

#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/envoy_cookie.h"

#include <chrono>
#include <utility>

namespace stickyscope {

const Rule envoyPicked {"It carries no sticky cookie: Envoy picks a server by its load balancer.",
                        "Envoy: docs, stateful session"};

namespace {

using namespace std::chrono_literals;

constexpr Rule valid {"Its cookie holds the address of a server: Envoy keeps to it.",
                      "Envoy: docs, stateful session"};
constexpr Rule unhealthy {"Its cookie holds the address of a server that is not healthy, and "
                          "override_host_status has UNHEALTHY: Envoy keeps to it.",
                          "Envoy: docs, override_host_status; measured on 1.40.0"};
constexpr Rule draining {"Its cookie holds the address of a draining server, and "
                         "override_host_status has DRAINING: Envoy keeps to it.",
                         "Envoy: docs, override_host_status; measured on 1.40.0"};
constexpr Rule unknown {
    "Its cookie holds no server's address: Envoy picks anew and sets a new one.",
    "Envoy 1.40.0, measured"};
constexpr Rule down {"Its cookie holds the address of a server that is not healthy: Envoy picks "
                     "anew and sets a new cookie.",
                     "Envoy: docs, override_host_status; measured on 1.40.0"};
constexpr Rule left {"Its cookie holds the address of a draining server, and override_host_status "
                     "has no DRAINING: Envoy picks anew and sets a new cookie.",
                     "Envoy: docs, override_host_status; measured on 1.40.0"};
constexpr Rule unasked {"Its cookie holds the address of a healthy server, and "
                        "override_host_status has no HEALTHY: Envoy picks anew.",
                        "Envoy: docs, override_host_status"};
constexpr Rule expired {"The moment within its cookie's value is over: Envoy picks anew.",
                        "Envoy: stateful session, cookie.proto"};
constexpr Rule notThere {
    "Its cookie holds the address of a server that Envoy does not know, and strict is set: Envoy "
    "answers itself.",
    "Envoy: docs, stateful session, status_on_strict_destination_not_found; measured on 1.40.0"};
constexpr Rule refused {"Its cookie holds the address of a server in a state that "
                        "override_host_status does not have, and strict is set: Envoy answers 503.",
                        "Envoy: docs, stateful session, strict; measured on 1.40.0"};
constexpr Rule hashed {"Envoy hashes its cookie's value, whatever it is.",
                       "Envoy: docs, hash policy"};
constexpr Rule named {"It carries no cookie to hash: Envoy makes one up and hashes that.",
                      "Envoy: docs, hash policy, ttl"};
constexpr Rule unnamed {"It carries no cookie to hash: without a ttl Envoy picks at random.",
                        "Envoy 1.40.0, measured"};

std::chrono::seconds secondsOf(const EnvoyCookie& cookie)
{
    return std::chrono::floor<std::chrono::seconds>(cookie.ttl.value_or(Duration::zero()));
}

std::string cookieField(const EnvoyCookie& cookie, const std::string& value)
{
    std::string text = cookie.name + "=\"" + value + "\"";
    if (const auto ttl = secondsOf(cookie); ttl > 0s)
        text += "; Max-Age=" + std::to_string(ttl.count());
    if (cookie.path)
        text += "; Path=" + *cookie.path;
    return text + "; HttpOnly";
}

class StatefulSession final : public CloneableSticky<StatefulSession>
{
public:
    StatefulSession(EnvoyCookie cookie, EnvoyOverrides overrides, const ReplicaSet& replicas)
        : m_cookie(std::move(cookie))
        , m_ttl(secondsOf(m_cookie))
        , m_overrides(overrides)
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override { m_named.add(std::string(replica.address())); }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        if (!covers(arrival.request.target))
            return {.rule = &envoyPicked};
        const auto value = envoyCookie(arrival.request, m_cookie.name);
        if (!value || value->empty())
            return {.rule = &envoyPicked};
        const auto session = readEnvoySession(*value);
        if (!session)
            return {.state = CookieIn::unknown, .rule = &unknown};
        if (session->expires && arrival.now > *session->expires)
            return {.state = CookieIn::expired, .rule = &expired};
        const WallSeconds until = session->expires ? *session->expires + 1s : Recall::always;
        const ReplicaIndex index = m_named.find(session->address);
        if (index == noReplica || !keepsTo(replicas[index]))
            return elsewhere(index, replicas, until);
        const ReplicaView& replica = replicas[index];
        const bool leaving = replica.up && drains(replica);
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = leaving  ? &draining
                    : replica.up ? &valid
                                 : &unhealthy,
                .goodUntil = until};
    }

    // On its own 503 as well, where another server was picked than the cookie's.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        // One that is not healthy may have been picked all the same, in panic.
        if (placement.replica == noReplica || recall.names == placement.replica)
            return CookieOut::none;
        const std::string value =
            writeEnvoySession({m_named.valueOf(placement.replica),
                               m_ttl > 0s ? std::optional(placement.now + m_ttl) : std::nullopt});
        response.fields.add("set-cookie", cookieField(m_cookie, value));
        return recall.state == CookieIn::none ? CookieOut::inserted : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_cookie.name; }

private:
    // Envoy has no weight 0: a server that is to get nothing has health_status DRAINING.
    static bool drains(const ReplicaView& replica)
    {
        return replica.draining || replica.weight == 0;
    }

    // Who is down is UNHEALTHY, whether it drains or not (upstream_impl.h, healthStatus).
    bool keepsTo(const ReplicaView& replica) const
    {
        if (!replica.up)
            return m_overrides.keepsUnhealthy;
        return drains(replica) ? m_overrides.keepsDraining : m_overrides.keepsHealthy;
    }

    Recall elsewhere(ReplicaIndex index, const ReplicaSet& replicas, WallSeconds until) const
    {
        const bool known = index != noReplica;
        if (m_overrides.strict)
            return {.state = CookieIn::refused,
                    .names = index,
                    .status = known ? std::uint16_t {503} : m_overrides.statusOfUnknown,
                    .rule = known ? &refused : &notThere,
                    .goodUntil = until};
        if (!known)
            return {.state = CookieIn::unknown, .rule = &unknown, .goodUntil = until};
        const ReplicaView& replica = replicas[index];
        return {.state = CookieIn::down,
                .names = index,
                .rule = !replica.up   ? &down
                    : drains(replica) ? &left
                                      : &unasked,
                .goodUntil = until};
    }

    // The filter is there for paths that the cookie's path covers (RFC 6265 5.1.4).
    bool covers(std::string_view target) const
    {
        const std::string path = m_cookie.path.value_or("/");
        const std::string_view asked = target.substr(0, target.find('?'));
        return asked == path
            || (asked.starts_with(path) && (path.back() == '/' || asked.at(path.size()) == '/'));
    }

    EnvoyCookie m_cookie;
    std::chrono::seconds m_ttl;
    EnvoyOverrides m_overrides;
    NamedReplicas m_named;
};

class HashPolicy final : public CloneableSticky<HashPolicy>
{
public:
    explicit HashPolicy(EnvoyCookie cookie)
        : m_cookie(std::move(cookie))
        , m_issues(m_cookie.ttl.has_value())
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet&) const override
    {
        const auto value = envoyCookie(arrival.request, m_cookie.name);
        if (!value || value->empty())
            return {.rule = m_issues ? &named : &unnamed};
        return {.state = CookieIn::valid, .hashed = true, .rule = &hashed, .value = *value};
    }

    bool namesClients() const override { return true; }
    // Envoy hashes the two ends of the client's connection.
    bool namesConnections() const override { return true; }
    std::string issue(Draw& draw, WallSeconds) const override { return hexOf(draw(), 16); }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.issued.empty() || !m_issues || placement.origin == Origin::balancer)
            return CookieOut::none;
        response.fields.add("set-cookie", cookieField(m_cookie, std::string(placement.issued)));
        return CookieOut::inserted;
    }

    std::string_view cookieName() const override { return m_cookie.name; }

private:
    EnvoyCookie m_cookie;
    bool m_issues;
};

} // namespace

EnvoyOverrides envoyOverrides(const Settings& sticky)
{
    const std::string states = sticky.text("override-host-status", "healthy");
    return {.keepsHealthy = hasWord(states, "healthy"),
            .keepsDraining = sticky.flag("keep-draining") || hasWord(states, "draining"),
            .keepsUnhealthy = hasWord(states, "unhealthy"),
            .strict = sticky.flag("strict"),
            .statusOfUnknown = static_cast<std::uint16_t>(
                sticky.whole("status-on-strict-destination-not-found", 503))};
}

std::unique_ptr<StickyPolicy> makeEnvoyHashPolicy(EnvoyCookie cookie)
{
    return std::make_unique<HashPolicy>(std::move(cookie));
}

std::unique_ptr<StickyPolicy> makeEnvoyStatefulSession(EnvoyCookie cookie, EnvoyOverrides overrides,
                                                       const ReplicaSet& replicas)
{
    return std::make_unique<StatefulSession>(std::move(cookie), overrides, replicas);
}

} // namespace stickyscope
