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
constexpr Rule validRoute {"The route in its cookie is that of a server that is up: nginx keeps to "
                           "it.",
                           "nginx: ngx_http_upstream_module, sticky route"};
constexpr Rule drainingRoute {"The route in its cookie is that of a server that is draining: nginx "
                              "keeps to it.",
                              "nginx: ngx_http_upstream_module, sticky route, drain"};
constexpr Rule unknownRoute {"The route in its cookie is no server's: nginx picks anew.",
                             "nginx: ngx_http_upstream_module, sticky route"};
constexpr Rule downRoute {"The route in its cookie is that of a server that is unavailable: nginx "
                          "picks anew.",
                          "nginx: ngx_http_upstream_module, sticky route"};
constexpr Rule validAddress {"The route in its address is that of a server that is up: nginx keeps "
                             "to it.",
                             "nginx: ngx_http_upstream_module, sticky route"};
constexpr Rule drainingAddress {"The route in its address is that of a server that is draining: "
                                "nginx keeps to it.",
                                "nginx: ngx_http_upstream_module, sticky route, drain"};
constexpr Rule unknownAddress {"The route in its address is no server's: nginx picks anew.",
                               "nginx: ngx_http_upstream_module, sticky route"};
constexpr Rule downAddress {"The route in its address is that of a server that is unavailable: "
                            "nginx picks anew.",
                            "nginx: ngx_http_upstream_module, sticky route"};
constexpr Rule noRoute {"It carries no route: nginx picks a server by its method.",
                        "nginx: ngx_http_upstream_module, sticky route"};

// Why a request goes where it goes, by where nginx found what names a server.
struct Reasons
{
    const Rule* picked;
    const Rule* valid;
    const Rule* draining;
    const Rule* unknown;
    const Rule* down;
};
constexpr Reasons byCookie {&nginxPicked, &valid, &draining, &unknown, &down};
constexpr Reasons byRoute {&noRoute, &validRoute, &drainingRoute, &unknownRoute, &downRoute};
constexpr Reasons byAddress {&noRoute, &validAddress, &drainingAddress, &unknownAddress,
                             &downAddress};

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
        // No application knows the digest that a server without route= has.
        m_named.add(m_sets && !replica.route ? md5Hex(replica.address()) : replica.routeOrName());
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        // The first variable that is not empty.
        auto value = nginxCookie(arrival.request, m_name);
        Reasons why = m_sets ? byCookie : byRoute;
        if ((!value || value->empty()) && !m_parameter.empty()) {
            value = nginxParameter(arrival.request, m_parameter);
            why = byAddress;
        }
        if (!value || value->empty())
            return {.rule = why.picked};
        const ReplicaIndex index = named(*value);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = why.unknown};
        if (!replicas[index].up || replicas[index].full || replicas[index].weight == 0)
            return {.state = CookieIn::down, .names = index, .rule = why.down};
        const bool leaving = replicas[index].draining;
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = leaving ? why.draining : why.valid};
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
    // Of the application's own, also what stands behind a dot, as the `map` in the documentation of
    // `sticky route` has it; a route can have dots too.
    ReplicaIndex named(std::string_view value) const
    {
        ReplicaIndex found = m_named.find(value);
        for (auto dot = value.find('.');
             !m_sets && found == noReplica && dot != std::string_view::npos;
             dot = value.find('.', dot + 1))
            found = m_named.find(value.substr(dot + 1));
        return found;
    }

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
