// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>
#include <map>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 7> algorithmNames {
    {{"round_robin", "nginx-round-robin"},
     {"least_conn", "nginx-least-conn"},
     {"random", "nginx-random"},
     {"random-two", "nginx-random-two"},
     {"ip_hash", "nginx-ip-hash"},
     {"hash", "nginx-hash"},
     {"hash-consistent", "nginx-hash-consistent"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 4> methods {"cookie", "route", "learn", "userid"};
constexpr std::array<Setting, 3> cookieSettings {{
    {"method", Setting::Type::choice,
     "cookie (default): nginx sets one that names the server; route: the application's cookie "
     "holds the route; learn: nginx remembers the application's; userid: nginx names clients, for "
     "hash.",
     0, 0, methods},
    {"expires", Setting::Type::time, "How long the cookie is good, from each answer on.", 1,
     longest},
    {"timeout", Setting::Type::time, "How long learn remembers a session that rests (10 m).", 1,
     longest},
}};
constexpr std::array<Setting, 2> settings {{
    {"max-fails", Setting::Type::whole,
     "How many failed requests mark a server as unavailable (1); 0: none does.", 0, 1000},
    {"fail-timeout", Setting::Type::time,
     "Within which time, and for how long it is left out (10 s).", 1, 86400},
}};

constexpr Rule picked {"It carries no sticky cookie: nginx picks a server by its method.",
                       "nginx: ngx_http_upstream_module, sticky"};
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
constexpr Rule hashedId {"nginx hashes the client's own number, which its cookie holds.",
                         "nginx 1.22: userid and hash; measured"};
constexpr Rule newId {"It carries no number of its own: nginx gives it one.",
                      "nginx 1.22: userid; measured"};
constexpr Rule elsewhere {"The server does not answer: nginx passes the request to the next one.",
                          "nginx: proxy_next_upstream"};
constexpr Rule badGateway {"No server answers: nginx answers 502.", "nginx 1.22.1, measured"};

std::string lowerSameSite(SameSite sameSite)
{
    return http::lowered(sameSiteWord(sameSite));
}

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
            return {.rule = &picked};
        const ReplicaIndex index = m_named.find(*value);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        if (!replicas[index].up)
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
            field += "; samesite=" + lowerSameSite(m_spec.sameSite);
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
            return {.rule = &picked};
        const auto found = m_sessions.find(*value);
        if (found == m_sessions.end() || arrival.now - found->second.lastUsed >= m_timeout)
            return {.state = CookieIn::unknown, .rule = &forgotten, .value = *value};
        const auto [index, lastUsed] = found->second;
        if (!replicas[index].up)
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

// The userid module's cookie, for `hash $uid_got$uid_set`: as people did before `sticky`.
class NginxUserIdCookie final : public CloneableSticky<NginxUserIdCookie>
{
public:
    explicit NginxUserIdCookie(const StickySpec& spec)
        : m_spec(spec)
        , m_name(spec.cookie.empty() ? "uid" : spec.cookie)
        , m_expires(std::chrono::floor<std::chrono::seconds>(spec.settings.time("expires")))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet&) const override
    {
        const auto value = nginxCookie(arrival.request, m_name);
        if (!value || !nginxUserId(m_name, *value))
            return {.state = value ? CookieIn::unknown : CookieIn::none, .rule = &newId};
        return {.state = CookieIn::valid, .hashed = true, .rule = &hashedId, .value = *value};
    }

    bool namesClients() const override { return true; }
    std::string issue(Draw& draw, WallSeconds) const override
    {
        std::string octets;
        for (int half = 0; half < 2; ++half) {
            std::uint64_t word = draw();
            for (int octet = 0; octet < 8; ++octet, word >>= 8U)
                octets += static_cast<char>(word & 0xffU);
        }
        return base64(octets);
    }
    std::string key(std::string_view value) const override
    {
        return nginxUserId(m_name, value).value_or(std::string());
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.recall.hashed || placement.issued.empty())
            return CookieOut::none;
        std::string field = m_name + "=" + std::string(placement.issued);
        if (m_expires > 0s)
            field += "; expires=" + nginxCookieTime(placement.now + m_expires);
        if (!m_spec.domain.empty())
            field += "; domain=" + m_spec.domain;
        if (m_spec.path)
            field += "; path=" + *m_spec.path;
        if (m_spec.secure)
            field += "; secure";
        if (m_spec.httpOnly)
            field += "; httponly";
        if (m_spec.sameSite != SameSite::unset)
            field += "; samesite=" + lowerSameSite(m_spec.sameSite);
        response.fields.add("Set-Cookie", field);
        return placement.recall.state == CookieIn::none ? CookieOut::inserted
                                                        : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    StickySpec m_spec;
    std::string m_name;
    std::chrono::seconds m_expires;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const std::string method = balancer.sticky->settings.text("method", "cookie");
    if (method == "userid")
        return std::make_unique<NginxUserIdCookie>(*balancer.sticky);
    if (method == "learn")
        return std::make_unique<NginxLearn>(*balancer.sticky);
    return std::make_unique<NginxSticky>(*balancer.sticky, replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt& attempt)
{
    if (attempt.replicas > 0 && attempt.number + 1 < attempt.known)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    const Duration time = balancer.settings.time("fail-timeout", 10s);
    return {.failures = static_cast<int>(balancer.settings.whole("max-fails", 1)),
            .within = time,
            .out = time,
            .wholeSeconds = true,
            .notTheOnlyOne = true};
}

constexpr Rule headTooLarge {"A field of the head does not fit into one buffer of 8 kB: nginx "
                             "answers 400, Request Header Or Cookie Too Large.",
                             "nginx: large_client_header_buffers; ngx_http_request.c"};

} // namespace

constexpr Product nginx {
    .id = "nginx",
    .title = "nginx",
    .follows = "1.22.1; sticky: 1.31.5",
    .source = "nginx: ngx_http_upstream_*.c, ngx_http_userid_filter_module.c; measured on 1.22.1",
    .documentsOnly = "sticky cookie, route and learn (1.29.6 and later) follow the source and the "
                     "documentation; so do backup servers; measured are the methods of 1.22.1 and "
                     "userid with hash. How long it waits for an answer and how large a head may "
                     "be follow the documentation.",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 1,
    .rise = 1,
    .hasBackups = true,
    .cookieKeys = CookieKey::name | CookieKey::path | CookieKey::domain | CookieKey::secure
        | CookieKey::httpOnly | CookieKey::sameSite,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .statusWithoutReplica = 502,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .passive = passive,
    .answerTimeout = std::chrono::seconds(60),
    .retriesTimeouts = true,
    .head = {.octets = 8192, .ofOneField = true, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
