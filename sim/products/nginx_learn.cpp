// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/nginx_stickiness.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule down {"Its session is at a server that is unavailable: nginx picks anew.",
                     "nginx: ngx_http_upstream_sticky_module.c"};
constexpr Rule remembered {"nginx has learnt where this session is: it keeps to that server.",
                           "nginx: ngx_http_upstream_module, sticky learn"};
constexpr Rule forgotten {"nginx does not know this session, or no longer: it picks a server.",
                          "nginx: ngx_http_upstream_module, sticky learn"};

// What has room in a zone: ngx_slab.c on 64 bits, with pages of 4 kB. A session takes 144 octets,
// and so a place of 256; two pages are for the table and the name.
constexpr std::size_t sessionsIn(std::size_t kilobytes)
{
    constexpr std::size_t page = 4096;
    constexpr std::size_t recordOfPage = 24;
    constexpr std::size_t head = 704; // the pool's own, and lists and counts of nine sizes
    constexpr std::size_t place = 256;
    const std::size_t size = kilobytes * 1024;
    const std::size_t records = (size - head) / (page + recordOfPage);
    const std::size_t start = (head + records * recordOfPage + page - 1) / page * page;
    return (std::min(records, (size - start) / page) - 2) * (page / place);
}
static_assert(sessionsIn(1024) == 4032);

// `sticky learn create=$upstream_cookie_X lookup=$cookie_X zone=NAME:SIZE`, or with
// $upstream_http_X and $http_X: a table within nginx (ngx_http_upstream_sticky_module.c).
class NginxLearn final : public CloneableSticky<NginxLearn>
{
public:
    explicit NginxLearn(const StickySpec& spec)
        : m_name(spec.cookie.empty() ? "session" : spec.cookie)
        , m_header(spec.settings.text("learn-header"))
        , m_timeout(std::chrono::ceil<std::chrono::seconds>(spec.settings.time("timeout", 10min)))
        , m_fromHead(spec.settings.flag("header"))
        , m_most(sessionsIn(static_cast<std::size_t>(spec.settings.whole("zone-size", 1024))))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto value = sessionOf(arrival.request);
        if (!value || value->empty())
            return {.rule = &nginxPicked};
        const auto found = m_sessions.find(*value);
        if (found == m_sessions.end() || arrival.now - found->second.lastUsed >= m_timeout)
            return {.state = CookieIn::unknown, .rule = &forgotten, .value = *value};
        const ReplicaIndex index = found->second.replica;
        if (!replicas[index].up || replicas[index].full || replicas[index].weight == 0)
            return {.state = CookieIn::down, .names = index, .rule = &down, .value = *value};
        return {.state = replicas[index].draining ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = &remembered,
                .value = *value,
                .goodUntil = found->second.lastUsed + m_timeout};
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        constexpr int switching = 101;
        if (m_fromHead || response.status != switching)
            learn(placement, response);
        return CookieOut::none;
    }

    bool heedsEnds() const override { return !m_fromHead; }
    void closed(const Placement& placement, const http::ResponseHead& response) override
    {
        learn(placement, response);
    }

    std::uint32_t version() const override { return m_version; }
    std::string_view cookieName() const override
    {
        return m_header.empty() ? std::string_view(m_name) : std::string_view();
    }

private:
    std::optional<std::string_view> sessionOf(const http::RequestHead& request) const
    {
        if (m_header.empty())
            return nginxCookie(request, m_name);
        const std::string* value = request.fields.find(m_header);
        return value ? std::optional<std::string_view>(*value) : std::nullopt;
    }

    struct Session
    {
        ReplicaIndex replica = noReplica;
        WallSeconds lastUsed {};
        std::uint64_t use = 0; ///< grows from use to use
    };

    // The session that the answer begins, else the one that the request came with, if it is known.
    void learn(const Placement& placement, const http::ResponseHead& response)
    {
        if (placement.origin == Origin::balancer || placement.replica == noReplica)
            return;
        const std::string* named = m_header.empty() ? nullptr : response.fields.find(m_header);
        if (named && !named->empty())
            return keep(*named, placement);
        for (const std::string_view field : response.fields.all("Set-Cookie")) {
            const auto cookie = http::parseSetCookie(field);
            if (m_header.empty() && cookie && cookie->name == m_name && !cookie->value.empty())
                return keep(cookie->value, placement);
        }
        if (m_sessions.contains(placement.recall.value))
            keep(placement.recall.value, placement);
    }

    void keep(std::string_view session, const Placement& placement)
    {
        ++m_version;
        if (!m_sessions.contains(session) && m_sessions.size() >= m_most)
            forgetOne();
        m_sessions.insert_or_assign(std::string(session),
                                    Session {placement.replica, placement.now, ++m_uses});
    }

    void forgetOne()
    {
        m_sessions.erase(std::min_element(
            m_sessions.begin(), m_sessions.end(),
            [](const auto& one, const auto& other) { return one.second.use < other.second.use; }));
    }

    std::string m_name;
    std::string m_header; ///< in the place of the cookie; empty: not
    std::chrono::seconds m_timeout;
    bool m_fromHead;
    std::size_t m_most;
    std::map<std::string, Session, std::less<>> m_sessions;
    std::uint64_t m_uses = 0;
    std::uint32_t m_version = 0;
};

} // namespace

std::unique_ptr<StickyPolicy> makeNginxLearn(const StickySpec& spec)
{
    return std::make_unique<NginxLearn>(spec);
}

} // namespace stickyscope
