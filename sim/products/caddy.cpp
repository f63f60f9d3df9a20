// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/algorithm_settings.h"
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/hash_key.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>
#include <optional>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 11> algorithmNames {
    {{"random", "random"},
     {"random_choose", "caddy-random-choose"},
     {"least_conn", "least-connections"},
     {"round_robin", "caddy-round-robin"},
     {"weighted_round_robin", "caddy-weighted-round-robin"},
     {"first", "first"},
     {"ip_hash", "caddy-hash"},
     {"client_ip_hash", "caddy-hash"},
     {"header", "caddy-hash"},
     {"query", "caddy-hash"},
     {"uri_hash", "caddy-hash"}}};

constexpr std::array<Setting, 1> cookieSettings {
    {{"secret", Setting::Type::text, "The key of the hash that names servers.", "empty"}}};
constexpr std::array<std::string_view, 2> versions {"2.6", "current"};
constexpr std::array<Setting, 9> settings {{
    {"version", Setting::Type::choice,
     "2.6: with a cookie fresh requests go anywhere (no fallback), and it never has an age; or "
     "current, 2.11.9: its hashes are others, the algorithm is the cookie's fallback, and the "
     "cookie is HttpOnly, and Lax over http.",
     "2.6", 0, 0, versions},
    hashName,
    {"lb-retries", Setting::Type::whole,
     "How often a request is tried again; with lb-try-duration, as long as neither is over.",
     "none", 1, 1000},
    {"lb-try-duration", Setting::Type::time, "How long a request is tried again.", "0s", 0, 3600},
    {"lb-try-interval", Setting::Type::time, "The pause between two tries.", "250ms", 0, 3600},
    algorithm_settings::choose,
    {"fail-duration", Setting::Type::time,
     "How long a failed request counts; 0s: there are no passive checks.", "0s", 0, 86400},
    {"unhealthy-request-count", Setting::Type::whole,
     "How many requests a server has at once; then others take them, or Caddy answers 503. With "
     "neither max-fails nor fail-duration beside it, Caddy answers 503 to all.",
     "any number", 1, 1'000'000},
    {"max-fails", Setting::Type::whole, "How many of them leave a server out.", "1", 0, 1000},
}};

constexpr Rule picked {"It carries no sticky cookie: Caddy picks a server by the fallback policy.",
                       "Caddy: selectionpolicies.go, CookieHashSelection"};
constexpr Rule drawn {"It carries no sticky cookie: Caddy 2.6 picks a server at random, whatever "
                      "its fallback is.",
                      "Caddy 2.6.2, measured"};
constexpr Rule valid {"Its cookie is the keyed hash of a server's address: Caddy keeps to it.",
                      "Caddy: selectionpolicies.go, CookieHashSelection"};
constexpr Rule unknown {"Its cookie is no server's hash: Caddy picks anew and sets a new cookie.",
                        "Caddy 2.6.2, measured"};
constexpr Rule down {"Its cookie is the hash of a server that is not available: Caddy picks anew "
                     "and sets a new cookie.",
                     "Caddy 2.6.2, measured"};
constexpr Rule triedAgain {"The server does not answer: Caddy asks its policy once more, and a "
                           "bound request comes to the same server.",
                           "Caddy: lb_try_duration; measured on 2.6.2"};
constexpr Rule lookedAgain {"No server is available: Caddy looks again after a while.",
                            "Caddy: lb_try_duration; measured on 2.6.2"};
constexpr Rule badGateway {"The server does not answer: Caddy answers 502.",
                           "Caddy 2.6.2, measured"};

class CaddyCookie final : public CloneableSticky<CaddyCookie>
{
public:
    CaddyCookie(const StickySpec& spec, bool current, const ReplicaSet& replicas)
        : m_name(spec.cookie.empty() ? "lb" : spec.cookie)
        , m_secret(spec.settings.text("secret"))
        , m_maxAge(current ? spec.maxAge : std::nullopt)
        , m_current(current)
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override
    {
        m_named.add(hmacSha256Hex(m_secret, replica.address()));
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto value = goCookie(arrival.request, m_name, false);
        if (!value)
            return {.rule = m_current ? &picked : &drawn};
        const ReplicaIndex index = m_named.find(*value);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        // Caddy knows no draining: a server is taken out of its configuration.
        if (!replicas[index].takesFresh())
            return {.state = CookieIn::down, .names = index, .rule = &down};
        return {.state = CookieIn::valid, .names = index, .bound = true, .rule = &valid};
    }

    // On its own 502 as well: the cookie is written when the server is picked.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        if (placement.replica == noReplica || recall.bound)
            return CookieOut::none;
        std::string field = m_name + "=" + m_named.valueOf(placement.replica) + "; Path=/";
        if (m_maxAge)
            field += "; Max-Age=" + std::to_string(m_maxAge->count());
        // 2.6.2 sets none of these, over TLS either.
        if (m_current)
            field +=
                placement.secure ? "; HttpOnly; Secure; SameSite=None" : "; HttpOnly; SameSite=Lax";
        response.fields.addFirst("Set-Cookie", field);
        return recall.state == CookieIn::none ? CookieOut::inserted : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    std::string m_name;
    std::string m_secret;
    std::optional<std::chrono::seconds> m_maxAge; ///< never refreshed
    bool m_current;
    NamedReplicas m_named;
};

bool isCurrent(const BalancerSpec& balancer)
{
    return balancer.settings.text("version") == "current";
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    return std::make_unique<CaddyCookie>(*balancer.sticky, isCurrent(balancer), replicas);
}

// 2.6.2 overlooks the block behind its cookie's policy, and fallback in it.
std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    return isCurrent(balancer) ? "" : "random";
}

// Measured: "module not registered".
std::string refuses(const BalancerSpec& balancer)
{
    if (isCurrent(balancer))
        return {};
    for (const std::string_view newer : {"query", "client_ip_hash", "weighted_round_robin"}) {
        if (balancer.algorithm == newer)
            return "2.6 has no " + std::string(newer)
                + ", which came with 2.7: say `version: current`";
    }
    return {};
}

std::string_view version(const BalancerSpec& balancer)
{
    return isCurrent(balancer) ? "2.11.9" : "2.6.2";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const Duration interval = balancer.settings.time("lb-try-interval", 250ms);
    const auto retries = balancer.settings.whole("lb-retries", 0);
    const Duration duration = balancer.settings.time("lb-try-duration");
    // It looks at the time before it waits: the last try may come after it is over.
    const bool late = duration > Duration::zero() && attempt.since >= duration;
    const bool often = retries > 0 && attempt.number >= retries;
    if (!late && !often && (retries > 0 || duration > Duration::zero()))
        return {.action = OnFailure::Action::anew,
                .wait = interval,
                .rule = attempt.foundNone ? &lookedAgain : &triedAgain};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

// Measured on 2.6.2.
bool repeats(const BalancerSpec&, std::string_view method)
{
    return method == "GET";
}

HashKey hashKey(const BalancerSpec& balancer)
{
    const std::string name = balancer.settings.text("hash-name");
    if (balancer.algorithm == "header")
        return {.of = HashKey::Of::header, .name = name};
    if (balancer.algorithm == "query")
        return {.of = HashKey::Of::query, .name = name};
    return {.of = balancer.algorithm == "uri_hash" ? HashKey::Of::uri : HashKey::Of::source};
}

// Measured on 2.6.2: where it stands alone among the passive checks, max_fails is 0, which no
// server has fewer failures than.
ServerLimit limit(const BalancerSpec& balancer)
{
    const Settings& given = balancer.settings;
    if (!given.has("unhealthy-request-count"))
        return {};
    const bool none =
        given.whole("max-fails", 0) == 0 && given.time("fail-duration") == Duration::zero();
    return {.most = none ? 0 : static_cast<int>(given.whole("unhealthy-request-count", 0))};
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    const Duration counts = balancer.settings.time("fail-duration");
    if (counts == Duration::zero())
        return {};
    return {.failures = static_cast<int>(balancer.settings.whole("max-fails", 1)),
            .counted = CountedFailures::ofLate,
            .within = counts,
            .out = counts};
}

constexpr std::array differences {
    Difference {"drawn-again", "Whether a request that is tried again finds a server that lives.",
                "Each try draws anew, and how often all draws hit the dead one is chance."},
};

} // namespace

constexpr Product caddy {
    .id = "caddy",
    .title = "Caddy",
    .follows = "2.6.2; current: 2.11.9",
    .source = "Caddy: selectionpolicies.go; measured on 2.6.2",
    .documentsOnly =
        "All of the version current, which has what came since 2.6: weighted_round_robin, query, "
        "client_ip_hash and the policy for fresh requests (fallback) with 2.7, over TLS a cookie "
        "that is Secure with SameSite=None with 2.8, its max-age with 2.9, HttpOnly and "
        "SameSite=Lax over http with 2.11. Weights count with the first of these alone. Measured "
        "on 2.6.2: it has none of these policies, and overlooks fallback and max_age; its "
        "cookie has a Path alone, over TLS too.",
    .differences = differences,
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 1,
    .rise = 1,
    .looksAgain = true,
    .cookieOfEachAttempt = true,
    .cookieKeys = CookieKey::name | CookieKey::maxAge,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .repeats = repeats,
    .passive = passive,
    .limit = limit,
    .hashKey = hashKey,
    .stickyAlgorithm = stickyAlgorithm,
    .refuses = refuses,
    .version = version,
    .endsWithClient = 200};

} // namespace stickyscope
