// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cloudflare_headers.h"

#include <map>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule picked {"It carries no header to tell its session by: Cloudflare steers it.",
                       "Cloudflare: Load Balancing, session affinity by HTTP header"};
constexpr Rule first {"Its header is of no session yet: Cloudflare steers it, and remembers where.",
                      "Cloudflare: Load Balancing, session affinity by HTTP header"};
constexpr Rule valid {"The session of its header is at a healthy endpoint: Cloudflare keeps to it.",
                      "Cloudflare: Load Balancing, session affinity by HTTP header"};
constexpr Rule draining {
    "The session of its header is at an endpoint that drains: Cloudflare keeps to it.",
    "Cloudflare: Load Balancing, endpoint drain"};
constexpr Rule down {"The session of its header is at an unhealthy endpoint: Cloudflare fails over "
                     "and remembers the new one.",
                     "Cloudflare: Load Balancing, session affinity by HTTP header"};
constexpr Rule idle {"The session of its header was idle for too long: Cloudflare steers it anew.",
                     "Cloudflare: Load Balancing, session_affinity_ttl"};

class CloudflareHeaders final : public CloneableSticky<CloudflareHeaders>
{
public:
    explicit CloudflareHeaders(const Settings& given)
        : m_header(given.text("affinity-header"))
        , m_ttl(std::chrono::floor<std::chrono::seconds>(given.time("session-affinity-ttl", 30min)))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const std::string* value = arrival.request.fields.find(m_header);
        if (!value || value->empty())
            return {.rule = &picked};
        const auto found = m_sessions.find(*value);
        if (found == m_sessions.end())
            return {.rule = &first, .value = *value};
        const WallSeconds goodUntil = found->second.latest + m_ttl;
        if (arrival.now >= goodUntil)
            return {.state = CookieIn::expired, .rule = &idle, .value = *value};
        const ReplicaIndex endpoint = found->second.endpoint;
        const ReplicaView& replica = replicas[endpoint];
        if (!replica.up || replica.weight == 0)
            return {.state = CookieIn::down,
                    .names = endpoint,
                    .rule = &down,
                    .value = *value,
                    .goodUntil = goodUntil};
        return {.state = replica.draining ? CookieIn::draining : CookieIn::valid,
                .names = endpoint,
                .bound = true,
                .rule = replica.draining ? &draining : &valid,
                .value = *value,
                .goodUntil = goodUntil};
    }

    CookieOut remember(const Placement& placement, http::ResponseHead&) override
    {
        if (placement.recall.value.empty() || placement.replica == noReplica
            || placement.origin == Origin::balancer)
            return CookieOut::none;
        m_sessions.insert_or_assign(std::string(placement.recall.value),
                                    Session {placement.replica, placement.now});
        ++m_version;
        return CookieOut::none;
    }

    void removed(ReplicaIndex replica) override
    {
        std::erase_if(m_sessions,
                      [replica](const auto& row) { return row.second.endpoint == replica; });
        ++m_version;
    }

    std::uint32_t version() const override { return m_version; }

private:
    struct Session
    {
        ReplicaIndex endpoint = noReplica;
        WallSeconds latest {};
    };

    std::string m_header;
    std::chrono::seconds m_ttl;
    std::map<std::string, Session, std::less<>> m_sessions;
    std::uint32_t m_version = 0;
};

} // namespace

std::unique_ptr<StickyPolicy> makeCloudflareHeaders(const Settings& given)
{
    return std::make_unique<CloudflareHeaders>(given);
}

} // namespace stickyscope
