// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_stickiness.h"

#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/haproxy_cookie_ages.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

const Rule haproxyPicked {"It carries no sticky cookie: HAProxy picks a server by its algorithm.",
                          "HAProxy: configuration.txt, cookie"};

namespace {

constexpr Rule valid {"Its cookie names a server that is up: HAProxy keeps to it.",
                      "HAProxy: configuration.txt 8.5, flag V"};
constexpr Rule draining {"Its cookie names a server that is draining: HAProxy keeps to it.",
                         "HAProxy: management.txt, set server state drain"};
constexpr Rule unknown {
    "Its cookie names no server of HAProxy's: it picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag I"};
constexpr Rule down {
    "Its cookie names a server that is marked down: HAProxy picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag D"};
constexpr Rule persisted {
    "Its cookie names a server that is marked down: with option persist HAProxy tries it.",
    "HAProxy: configuration.txt, option persist"};
constexpr Rule forced {
    "Its cookie names a server that is marked down: with force-persist HAProxy tries it.",
    "HAProxy: configuration.txt, force-persist; measured on 2.6.12"};
constexpr std::string_view defaultCookie = "SRV";

// Measured on 2.6.12: nocache speaks up only where a cache might keep the answer, that is where
// it says how long it is good or how to check it again, and does not forbid storing.
bool isCacheable(const http::ResponseHead& response)
{
    std::string control;
    for (const std::string_view value : response.fields.all("Cache-Control"))
        control += http::lowered(value) + ",";
    for (const char* forbidden : {"no-store", "private", "no-cache"}) {
        if (control.find(forbidden) != std::string::npos)
            return false;
    }
    const bool fresh = control.find("max-age") != std::string::npos
        || control.find("s-maxage") != std::string::npos
        || response.fields.find("Expires") != nullptr;
    return fresh || response.fields.find("ETag") != nullptr
        || response.fields.find("Last-Modified") != nullptr;
}

class HaproxyCookie final : public CloneableSticky<HaproxyCookie>
{
public:
    HaproxyCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
        : m_persist(balancer.settings.flag("persist"))
        , m_forcing(balancer.settings.text("force-persist"))
    {
        const StickySpec& spec = *balancer.sticky;
        const Settings& given = spec.settings;
        m_name = spec.cookie.empty() ? defaultCookie : spec.cookie;
        m_mode = given.text("mode", "insert");
        m_indirect = given.flag("indirect");
        m_nocache = given.flag("nocache");
        m_postonly = given.flag("postonly");
        m_preserve = given.flag("preserve");
        m_ages = HaproxyCookieAges(given.time("maxidle"), given.time("maxlife"));
        // In the order of http_ana.c.
        if (!spec.domain.empty())
            m_attributes += "; domain=" + spec.domain;
        if (spec.httpOnly)
            m_attributes += "; HttpOnly";
        if (spec.secure)
            m_attributes += "; Secure";
        if (spec.sameSite != SameSite::unset)
            m_attributes.append("; SameSite=").append(sameSiteWord(spec.sameSite));
        if (const std::string last = given.text("attr"); !last.empty())
            m_attributes += "; " + last;
        m_dynamicKey = given.text("dynamic-cookie-key");
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    // An explicit `cookie` of the server line wins over the dynamic one.
    void added(const ReplicaView& replica) override
    {
        m_named.add(m_dynamicKey.empty() || replica.route
                        ? replica.routeOrName()
                        : haproxyDynamicValue(m_dynamicKey, replica.address()));
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    // The first usable match assigns; one that names a server that is down is passed over.
    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const bool insists = forcesHaproxy(m_forcing, arrival.request);
        Recall recall {.insists = insists, .rule = &haproxyPicked};
        for (const std::string_view field : arrival.request.fields.all("Cookie")) {
            for (const HaproxyCookiePart& part : haproxyCookieParts(field)) {
                if (!part.is(m_name))
                    continue;
                recall = judge(part.value, replicas, arrival.now, insists);
                recall.insists = insists;
                if (recall.bound)
                    return recall;
            }
        }
        return recall;
    }

    void forward(http::RequestHead& request) const override
    {
        request.fields.edit("Cookie", [this](std::string_view cookies) {
            std::string kept = forwarded(cookies);
            return kept.empty() ? std::nullopt : std::optional(std::move(kept));
        });
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.origin == Origin::balancer || placement.replica == noReplica)
            return CookieOut::none;
        const std::string& server = m_named.valueOf(placement.replica);
        if (m_mode != "insert")
            return editOwn(server, response);
        const bool own = takeOwn(response);
        if (own && m_preserve)
            return CookieOut::passedOn;
        if (m_postonly && placement.method != "POST")
            return CookieOut::none;
        const Recall& recall = placement.recall;
        const bool kept = recall.bound && recall.names == placement.replica;
        const HaproxyCookieValue value(recall.value, false);
        if (kept && !m_ages.needRefresh(value, placement.now))
            return CookieOut::none;
        // A server without a cookie of its own, such as a backup, takes the client's away.
        response.fields.add("set-cookie",
                            server.empty()
                                ? m_name + "=; Expires=Thu, 01-Jan-1970 00:00:01 GMT" + m_attributes
                                : m_name + "=" + server + m_ages.stamps(value, placement.now)
                                    + m_attributes);
        if (m_nocache && isCacheable(response))
            response.fields.add("cache-control", "private");
        return server.empty()                ? CookieOut::deleted
            : kept                           ? CookieOut::refreshed
            : recall.state == CookieIn::none ? CookieOut::inserted
                                             : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    std::string forwarded(std::string_view cookies) const
    {
        if (m_mode == "prefix")
            return withoutHaproxyPrefix(cookies, m_name);
        return m_mode == "insert" && m_indirect ? withoutHaproxyCookie(cookies, m_name)
                                                : tidiedHaproxyCookies(cookies);
    }

    Recall judge(std::string_view text, const ReplicaSet& replicas, WallSeconds now,
                 bool insists) const
    {
        const HaproxyCookieValue value(text, m_mode == "prefix");
        if (const Rule* expired = m_ages.expiry(value, now))
            return {.state = CookieIn::expired, .rule = expired};
        const ReplicaIndex index = value.server.empty() ? noReplica : m_named.find(value.server);
        // It does not count, but the date of its first setting does, in the cookie that replaces
        // it.
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown, .value = text};
        const ReplicaView& replica = replicas[index];
        if (!replica.up && !m_persist && !insists)
            return {.state = CookieIn::down, .names = index, .rule = &down, .value = text};
        const bool leaving = replica.draining || replica.weight == 0;
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = replica.up ? (leaving ? &draining : &valid)
                    : insists      ? &forced
                                   : &persisted,
                .value = text,
                .goodUntil = m_ages.goodUntil(value)};
    }

    // The application's cookie of this name: removed, unless it is preserved.
    bool takeOwn(http::ResponseHead& response) const
    {
        bool found = false;
        response.fields.edit("Set-Cookie", [&](const std::string& cookie) {
            const bool own = isOwn(cookie);
            found = found || own;
            return own && !m_preserve ? std::nullopt : std::optional(cookie);
        });
        return found;
    }

    bool isOwn(std::string_view setCookie) const
    {
        return http::trimmed(setCookie.substr(0, setCookie.find('='))) == m_name;
    }

    // Rewrite and prefix touch only a cookie that the application sets.
    CookieOut editOwn(const std::string& server, http::ResponseHead& response) const
    {
        CookieOut out = CookieOut::none;
        const auto edited = [&](const std::string& cookie) -> std::optional<std::string> {
            if (!isOwn(cookie))
                return cookie;
            const auto begin = cookie.find('=') + 1;
            const auto end = std::min(cookie.find(';'), cookie.size());
            std::string value = cookie.substr(0, begin) + server;
            if (m_mode == "prefix")
                value.append("~").append(cookie, begin, end - begin);
            out = CookieOut::rewritten;
            return value.append(cookie, end);
        };
        response.fields.edit("Set-Cookie", edited);
        return out;
    }

    std::string m_name;
    std::string m_mode;
    std::string m_attributes = "; path=/"; ///< the path is fixed
    bool m_indirect = false;
    bool m_nocache = false;
    bool m_postonly = false;
    bool m_preserve = false;
    bool m_persist = false;
    std::string m_forcing;
    HaproxyCookieAges m_ages;
    std::string m_dynamicKey;
    NamedReplicas m_named;
};

} // namespace

bool forcesHaproxy(const std::string& header, const http::RequestHead& request)
{
    return !header.empty() && request.fields.find(header) != nullptr;
}

std::unique_ptr<StickyPolicy> makeHaproxyCookie(const BalancerSpec& balancer,
                                                const ReplicaSet& replicas)
{
    return std::make_unique<HaproxyCookie>(balancer, replicas);
}

} // namespace stickyscope
