// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/nginx_stickiness.h"

#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"

#include <chrono>

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
// `sticky cookie`, and `sticky route` with the application's cookie, or with a parameter as well.
class NginxSticky final : public CloneableSticky<NginxSticky>
{
public:
    NginxSticky(const StickySpec& spec, const ReplicaSet& replicas)
        : m_spec(spec)
        , m_name(spec.cookie.empty() ? "route" : spec.cookie)
        , m_sets(spec.settings.text("method", "cookie") == "cookie")
        , m_parameter(m_sets ? std::string() : spec.settings.text("route-parameter"))
        , m_max(spec.settings.flag("expires-max"))
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
        // The first variable that is not empty.
        auto value = nginxCookie(arrival.request, m_name);
        if ((!value || value->empty()) && !m_parameter.empty())
            value = nginxParameter(arrival.request, m_parameter);
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
        if (m_max)
            field += "; expires=" + std::string(nginxLastMoment) + "; max-age=315360000";
        else if (m_expires > 0s)
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
    std::string m_parameter; ///< read where there is no cookie; empty for none
    bool m_max;
    std::chrono::seconds m_expires;
    NamedReplicas m_named;
};

} // namespace

std::unique_ptr<StickyPolicy> makeNginxCookie(const BalancerSpec& balancer,
                                              const ReplicaSet& replicas)
{
    const std::string method = balancer.sticky->settings.text("method", "cookie");
    if (method == "userid")
        return makeNginxUserId(*balancer.sticky);
    if (method == "learn")
        return makeNginxLearn(*balancer.sticky);
    return std::make_unique<NginxSticky>(*balancer.sticky, replicas);
}

} // namespace stickyscope
