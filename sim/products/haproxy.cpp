// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/product.h"

#include <array>
#include <map>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 2> algorithmNames {
    {{"roundrobin", "haproxy-roundrobin"}, {"leastconn", "haproxy-leastconn"}}};

constexpr Rule picked {"It carries no sticky cookie: HAProxy picks a server by its algorithm.",
                       "HAProxy: configuration.txt, cookie"};
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
constexpr Rule retried {"The server does not answer: HAProxy tries the same one again.",
                        "HAProxy: configuration.txt, retries"};
constexpr Rule redispatched {
    "The server does not answer: with option redispatch the last retry goes to another.",
    "HAProxy: configuration.txt, option redispatch"};
constexpr Rule unavailable {"The server did not answer any retry: HAProxy answers 503.",
                            "HAProxy 2.6.12, measured"};
constexpr Rule badGateway {
    "The server closed the connection before its answer: HAProxy answers 502.",
    "HAProxy: configuration.txt 8.5, flags SH"};

constexpr std::string_view defaultCookie = "SRV";
constexpr int retries = 3;
// min(timeout connect, 1 s) before each attempt at the same server.
constexpr Duration pauseBeforeRetry = std::chrono::seconds(1);

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

class HaproxyCookie final : public StickyPolicy
{
public:
    HaproxyCookie(const StickySpec& spec, const ReplicaSet& replicas)
        : m_name(spec.cookie.empty() ? defaultCookie : spec.cookie)
        , m_indirect(spec.indirect)
        , m_nocache(spec.nocache)
    {
        // In the order of http_ana.c.
        if (!spec.domain.empty())
            m_attributes += "; domain=" + spec.domain;
        if (spec.httpOnly)
            m_attributes += "; HttpOnly";
        if (spec.secure)
            m_attributes += "; Secure";
        if (spec.sameSite != SameSite::unset)
            m_attributes += spec.sameSite == SameSite::none ? "; SameSite=None"
                : spec.sameSite == SameSite::lax            ? "; SameSite=Lax"
                                                            : "; SameSite=Strict";
        for (const ReplicaView& replica : replicas) {
            m_byValue[replica.name] = static_cast<ReplicaIndex>(m_values.size());
            m_values.push_back(replica.name);
        }
    }

    // The first usable match assigns; one that names a server that is down is passed over.
    Recall recall(const http::RequestHead& request, const ReplicaSet& replicas,
                  WallSeconds) const override
    {
        Recall recall {.rule = &picked};
        for (const std::string_view field : request.fields.all("Cookie")) {
            for (const http::CookiePair& pair : http::parseCookieField(field)) {
                if (pair.name != m_name)
                    continue;
                recall = judge(pair.value, replicas);
                if (recall.bound)
                    return recall;
            }
        }
        return recall;
    }

    void forward(http::RequestHead& request) const override
    {
        if (!m_indirect)
            return;
        std::string kept;
        for (const std::string_view field : request.fields.all("Cookie")) {
            for (const http::CookiePair& pair : http::parseCookieField(field)) {
                if (pair.name == m_name)
                    continue;
                kept += kept.empty() ? "" : "; ";
                kept += std::string(pair.name) + "=" + std::string(pair.value);
            }
        }
        if (kept.empty())
            request.fields.remove("Cookie");
        else
            request.fields.set("Cookie", kept);
    }

    CookieOut remember(const Placement& placement, Origin origin, http::ResponseHead& response,
                       WallSeconds) const override
    {
        const Recall& recall = placement.recall;
        const bool kept = recall.bound && recall.names == placement.replica;
        if (origin == Origin::balancer || placement.replica == noReplica || kept)
            return CookieOut::none;
        response.fields.add("set-cookie",
                            m_name + "=" + m_values[raw(placement.replica)] + m_attributes);
        if (m_nocache && isCacheable(response))
            response.fields.add("cache-control", "private");
        return recall.state == CookieIn::none ? CookieOut::inserted : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    Recall judge(std::string_view value, const ReplicaSet& replicas) const
    {
        const auto found = m_byValue.find(value);
        if (found == m_byValue.end())
            return {.state = CookieIn::unknown, .rule = &unknown};
        const ReplicaView& replica = replicas[found->second];
        if (!replica.up)
            return {.state = CookieIn::down, .names = found->second, .rule = &down};
        const bool leaving = replica.draining || replica.weight == 0;
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = found->second,
                .bound = true,
                .rule = leaving ? &draining : &valid};
    }

    std::string m_name;
    std::string m_attributes = "; path=/"; ///< the path is fixed
    bool m_indirect;
    bool m_nocache;
    std::vector<std::string> m_values;
    std::map<std::string, ReplicaIndex, std::less<>> m_byValue;
};

std::unique_ptr<StickyPolicy> makeCookie(const StickySpec& spec, const ReplicaSet& replicas)
{
    return std::make_unique<HaproxyCookie>(spec, replicas);
}

OnFailure failed(const BalancerSpec& balancer, Fault fault, int attempt)
{
    if (fault == Fault::reset)
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
    if (balancer.redispatch && attempt == retries - 1)
        return {.action = OnFailure::Action::another, .rule = &redispatched};
    if (attempt < retries)
        return {.action = OnFailure::Action::sameAgain, .wait = pauseBeforeRetry, .rule = &retried};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

} // namespace

constexpr Product haproxy {.id = "haproxy",
                           .title = "HAProxy",
                           .follows = "2.6.12",
                           .source =
                               "HAProxy 2.6: lb_fwrr.c, lb_fwlc.c, http_ana.c; measured on 2.6.12",
                           .algorithms = algorithmNames,
                           .largestWeight = 256,
                           .fall = 3,
                           .rise = 2,
                           .hasIndirect = true,
                           .hasRedispatch = true,
                           .picked = &picked,
                           .sticky = makeCookie,
                           .failed = failed};

} // namespace stickyscope
