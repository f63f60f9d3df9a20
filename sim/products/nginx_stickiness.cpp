// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/nginx_stickiness.h"

#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace stickyscope {

const Rule nginxPicked {"It carries no sticky cookie: nginx picks a server by its method.",
                        "nginx: ngx_http_upstream_module, sticky"};

namespace {

using namespace std::chrono_literals;

constexpr Rule valid {"Its cookie names a server that is up: nginx keeps to it.",
                      "nginx: ngx_http_upstream_sticky_module.c"};
constexpr Rule draining {"Its cookie names a server that is draining: nginx keeps to it.",
                         "nginx: ngx_http_upstream_module, drain"};
constexpr Rule unknown {"Its cookie names no server: nginx picks anew.",
                        "nginx: ngx_http_upstream_sticky_module.c"};
constexpr Rule down {"Its cookie names a server that is unavailable: nginx picks anew.",
                     "nginx: ngx_http_upstream_sticky_module.c"};
constexpr Rule remembered {"nginx has learnt where this session is: it keeps to that server.",
                           "nginx: ngx_http_upstream_module, sticky learn"};
constexpr Rule forgotten {"nginx does not know this session, or no longer: it picks a server.",
                          "nginx: ngx_http_upstream_module, sticky learn"};
// `sticky cookie`, and `sticky route` with the application's cookie.
class NginxSticky final : public CloneableSticky<NginxSticky>
{
public:
    NginxSticky(const StickySpec& spec, const ReplicaSet& replicas)
        : m_spec(spec)
        , m_name(spec.cookie.empty() ? "route" : spec.cookie)
        , m_sets(spec.settings.text("method", "cookie") == "cookie")
        , m_expires(std::chrono::floor<std::chrono::seconds>(spec.settings.time("expires")))
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override
    {
        m_named.add(replica.route ? *replica.route : md5Hex(replica.address()));
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto value = nginxCookie(arrival.request, m_name);
        if (!value || value->empty())
            return {.rule = &nginxPicked};
        const ReplicaIndex index = m_named.find(*value);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        if (!replicas[index].up || replicas[index].full)
            return {.state = CookieIn::down, .names = index, .rule = &down};
        const bool leaving = replicas[index].draining;
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = leaving ? &draining : &valid};
    }

    // In every response, its own errors included, once a server was picked.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (!m_sets || placement.replica == noReplica)
            return CookieOut::none;
        std::string field = m_name + "=" + m_named.valueOf(placement.replica);
        if (m_expires > 0s)
            field += "; expires=" + nginxCookieTime(placement.now + m_expires)
                + "; max-age=" + std::to_string(m_expires.count());
        if (!m_spec.domain.empty())
            field += "; domain=" + m_spec.domain;
        if (m_spec.httpOnly)
            field += "; httponly";
        if (m_spec.secure)
            field += "; secure";
        if (m_spec.sameSite != SameSite::unset)
            field += "; samesite=" + http::lowered(sameSiteWord(m_spec.sameSite));
        if (m_spec.path)
            field += "; path=" + *m_spec.path;
        response.fields.add("Set-Cookie", field);
        const Recall& recall = placement.recall;
        return recall.state == CookieIn::none                   ? CookieOut::inserted
            : recall.bound && recall.names == placement.replica ? CookieOut::refreshed
                                                                : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    StickySpec m_spec;
    std::string m_name;
    bool m_sets;
    std::chrono::seconds m_expires;
    NamedReplicas m_named;
};

// `sticky learn create=$upstream_cookie_X lookup=$cookie_X`: a table within nginx.
class NginxLearn final : public CloneableSticky<NginxLearn>
{
public:
    explicit NginxLearn(const StickySpec& spec)
        : m_name(spec.cookie.empty() ? "session" : spec.cookie)
        , m_timeout(std::chrono::ceil<std::chrono::seconds>(spec.settings.time("timeout", 10min)))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto value = nginxCookie(arrival.request, m_name);
        if (!value || value->empty())
            return {.rule = &nginxPicked};
        const auto found = m_sessions.find(*value);
        if (found == m_sessions.end() || arrival.now - found->second.lastUsed >= m_timeout)
            return {.state = CookieIn::unknown, .rule = &forgotten, .value = *value};
        const auto [index, lastUsed] = found->second;
        if (!replicas[index].up || replicas[index].full)
            return {.state = CookieIn::down, .names = index, .rule = &down, .value = *value};
        return {.state = replicas[index].draining ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = &remembered,
                .value = *value,
                .goodUntil = lastUsed + m_timeout};
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.origin == Origin::balancer || placement.replica == noReplica)
            return CookieOut::none;
        for (const std::string_view field : response.fields.all("Set-Cookie")) {
            const auto cookie = http::parseSetCookie(field);
            if (cookie && cookie->name == m_name)
                learn(cookie->value, placement);
        }
        // A known session is renewed, and moves with its request.
        if (const std::string_view value = placement.recall.value; m_sessions.contains(value))
            learn(value, placement);
        return CookieOut::none;
    }

    std::uint32_t version() const override { return m_version; }
    std::string_view cookieName() const override { return m_name; }

private:
    // What a zone of one megabyte holds (by nginx's documentation).
    static constexpr std::size_t mostSessions = 4000;

    struct Session
    {
        ReplicaIndex replica = noReplica;
        WallSeconds lastUsed {};
    };

    void learn(std::string_view session, const Placement& placement)
    {
        ++m_version;
        m_sessions.insert_or_assign(std::string(session),
                                    Session {placement.replica, placement.now});
        if (m_sessions.size() <= mostSessions)
            return;
        m_sessions.erase(std::min_element(m_sessions.begin(), m_sessions.end(),
                                          [](const auto& one, const auto& other) {
                                              return one.second.lastUsed < other.second.lastUsed;
                                          }));
    }

    std::string m_name;
    std::chrono::seconds m_timeout;
    std::map<std::string, Session, std::less<>> m_sessions;
    std::uint32_t m_version = 0;
};

} // namespace

std::unique_ptr<StickyPolicy> makeNginxCookie(const BalancerSpec& balancer,
                                              const ReplicaSet& replicas)
{
    const std::string method = balancer.sticky->settings.text("method", "cookie");
    if (method == "userid")
        return makeNginxUserId(*balancer.sticky);
    if (method == "learn")
        return std::make_unique<NginxLearn>(*balancer.sticky);
    return std::make_unique<NginxSticky>(*balancer.sticky, replicas);
}

} // namespace stickyscope
