// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/envoy_cookie.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 5> algorithmNames {{{"round_robin", "envoy-round-robin"},
                                                           {"least_request", "envoy-least-request"},
                                                           {"random", "random"},
                                                           {"ring_hash", "envoy-ring-hash"},
                                                           {"maglev", "envoy-maglev"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<Setting, 4> cookieSettings {{
    {"hash-policy", Setting::Type::flag,
     "The cookie is hashed by ring_hash or maglev; without it, it names a server itself "
     "(stateful_session)."},
    {"ttl", Setting::Type::time,
     "How long the cookie is good; 0s: as long as the browser runs. A hash policy without it never "
     "sets one.",
     0, longest},
    {"strict", Setting::Type::flag, "503 where the server that the cookie names is not there."},
    {"keep-draining", Setting::Type::flag,
     "override_host_status has DRAINING: bound requests go to draining servers."},
}};
constexpr std::array<std::string_view, 2> retryConditions {"none", "connect-failure"};
constexpr std::array<Setting, 6> settings {{
    {"retry-on", Setting::Type::choice,
     "What is tried elsewhere: none (default) or "
     "connect-failure.",
     0, 0, retryConditions},
    {"num-retries", Setting::Type::whole, "How often, where it is (1).", 1, 100},
    {"choice-count", Setting::Type::whole, "How many servers least_request draws (2).", 2, 1000},
    {"active-request-bias", Setting::Type::number,
     "How much requests in flight count for least_request with unequal weights (1).", 0, 100},
    {"full-scan", Setting::Type::flag, "least_request looks at all servers."},
    {"minimum-ring-size", Setting::Type::whole, "Of ring_hash (1024).", 1, 8'388'608},
}};

constexpr Rule picked {"It carries no sticky cookie: Envoy picks a server by its load balancer.",
                       "Envoy: docs, stateful session"};
constexpr Rule valid {"Its cookie holds the address of a server: Envoy keeps to it.",
                      "Envoy: docs, stateful session"};
constexpr Rule draining {"Its cookie holds the address of a draining server, and "
                         "override_host_status has DRAINING: Envoy keeps to it.",
                         "Envoy: docs, override_host_status"};
constexpr Rule unknown {
    "Its cookie holds no server's address: Envoy picks anew and sets a new one.",
    "Envoy 1.40.0, measured"};
constexpr Rule down {"Its cookie holds the address of a server that is not healthy: Envoy picks "
                     "anew and sets a new cookie.",
                     "Envoy: docs, override_host_status"};
constexpr Rule expired {"The moment within its cookie's value is over: Envoy picks anew.",
                        "Envoy: stateful session, cookie.proto"};
constexpr Rule refused {"Its cookie holds the address of a server that is not there, and strict is "
                        "set: Envoy answers 503.",
                        "Envoy: docs, stateful session, strict"};
constexpr Rule hashed {"Envoy hashes its cookie's value, whatever it is.",
                       "Envoy: docs, hash policy"};
constexpr Rule named {"It carries no cookie to hash: Envoy makes one up and hashes that.",
                      "Envoy: docs, hash policy, ttl"};
constexpr Rule unnamed {"It carries no cookie to hash: without a ttl Envoy picks at random.",
                        "Envoy 1.40.0, measured"};
constexpr Rule retried {"The server does not answer: Envoy's retry goes to another.",
                        "Envoy: docs, retry_on connect-failure"};
constexpr Rule unavailable {"The server does not answer: Envoy answers 503.",
                            "Envoy 1.40.0, measured"};

// Half of the base interval, 25 ms: what its jitter comes to on average.
constexpr Duration backOff = 12'500us;

std::string cookieField(const std::string& name, const std::string& value, const StickySpec& spec)
{
    std::string text = name + "=\"" + value + "\"";
    const auto ttl = std::chrono::floor<std::chrono::seconds>(spec.settings.time("ttl"));
    if (ttl > 0s)
        text += "; Max-Age=" + std::to_string(ttl.count());
    if (spec.path)
        text += "; Path=" + *spec.path;
    return text + "; HttpOnly";
}

std::string nameOrDefault(const StickySpec& spec)
{
    return spec.cookie.empty() ? "sticky" : spec.cookie;
}

class StatefulSession final : public CloneableSticky<StatefulSession>
{
public:
    StatefulSession(const BalancerSpec& balancer, const ReplicaSet& replicas)
        : m_spec(*balancer.sticky)
        , m_name(nameOrDefault(m_spec))
        , m_ttl(std::chrono::floor<std::chrono::seconds>(m_spec.settings.time("ttl")))
        , m_strict(m_spec.settings.flag("strict"))
        , m_keepsDraining(m_spec.settings.flag("keep-draining"))
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override { m_named.add(std::string(replica.address())); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        if (!covers(arrival.request.target))
            return {.rule = &picked};
        const auto value = envoyCookie(arrival.request, m_name);
        if (!value || value->empty())
            return {.rule = &picked};
        const auto session = readEnvoySession(*value);
        if (!session)
            return {.state = CookieIn::unknown, .rule = &unknown};
        if (session->expires && arrival.now > *session->expires)
            return {.state = CookieIn::expired, .rule = &expired};
        const WallSeconds until = session->expires ? *session->expires + 1s : Recall::always;
        const ReplicaIndex index = m_named.find(session->address);
        const bool there = index != noReplica && replicas[index].up;
        const bool leaving = there && replicas[index].draining;
        if (!there || (leaving && !m_keepsDraining)) {
            const CookieIn state = index == noReplica ? CookieIn::unknown : CookieIn::down;
            if (m_strict)
                return {.state = CookieIn::refused,
                        .names = index,
                        .status = 503,
                        .rule = &refused,
                        .goodUntil = until};
            return {.state = state,
                    .names = index,
                    .rule = index == noReplica ? &unknown : &down,
                    .goodUntil = until};
        }
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = leaving ? &draining : &valid,
                .goodUntil = until};
    }

    // On its own 503 as well, where another server was picked than the cookie's.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        if (placement.replica == noReplica || (recall.bound && recall.names == placement.replica))
            return CookieOut::none;
        const std::string value =
            writeEnvoySession({m_named.valueOf(placement.replica),
                               m_ttl > 0s ? std::optional(placement.now + m_ttl) : std::nullopt});
        response.fields.add("set-cookie", cookieField(m_name, value, m_spec));
        return recall.state == CookieIn::none ? CookieOut::inserted : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    // The filter is there for paths that the cookie's path covers (RFC 6265 5.1.4).
    bool covers(std::string_view target) const
    {
        const std::string path = m_spec.path.value_or("/");
        const std::string_view asked = target.substr(0, target.find('?'));
        return asked == path
            || (asked.starts_with(path) && (path.back() == '/' || asked.at(path.size()) == '/'));
    }

    StickySpec m_spec;
    std::string m_name;
    std::chrono::seconds m_ttl;
    bool m_strict;
    bool m_keepsDraining;
    NamedReplicas m_named;
};

class HashPolicy final : public CloneableSticky<HashPolicy>
{
public:
    explicit HashPolicy(const StickySpec& spec)
        : m_spec(spec)
        , m_name(nameOrDefault(spec))
        , m_issues(spec.settings.has("ttl"))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet&) const override
    {
        const auto value = envoyCookie(arrival.request, m_name);
        if (!value || value->empty())
            return {.rule = m_issues ? &named : &unnamed};
        return {.state = CookieIn::valid, .hashed = true, .rule = &hashed, .value = *value};
    }

    // Envoy hashes the two ends of the client's connection; here every request has a new one.
    bool namesClients() const override { return true; }
    std::string issue(Draw& draw) const override { return hexOf(draw(), 16); }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.recall.hashed || !m_issues || placement.origin == Origin::balancer)
            return CookieOut::none;
        response.fields.add("set-cookie",
                            cookieField(m_name, std::string(placement.issued), m_spec));
        return CookieOut::inserted;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    StickySpec m_spec;
    std::string m_name;
    bool m_issues;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    if (balancer.sticky->settings.flag("hash-policy"))
        return std::make_unique<HashPolicy>(*balancer.sticky);
    return std::make_unique<StatefulSession>(balancer, replicas);
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const bool retries = balancer.settings.text("retry-on", "none") == "connect-failure"
        && attempt.fault == Fault::refused;
    if (retries && attempt.number < balancer.settings.whole("num-retries", 1))
        return {.action = OnFailure::Action::another, .wait = backOff, .rule = &retried};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

} // namespace

constexpr Product envoy {.id = "envoy",
                         .title = "Envoy",
                         .follows = "1.40.0",
                         .source = "Envoy's documentation and source; measured on 1.40.0",
                         .algorithms = algorithmNames,
                         .largestWeight = 1000,
                         .fall = 1,
                         .rise = 1,
                         .cookieKeys = CookieKey::name | CookieKey::path,
                         .cookieSettings = cookieSettings,
                         .settings = settings,
                         .picked = &picked,
                         .sticky = makeCookie,
                         .failed = failed};

} // namespace stickyscope
