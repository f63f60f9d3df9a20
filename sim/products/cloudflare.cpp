// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cloudflare_headers.h"
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 2> algorithmNames {
    {{"random", "weighted-random"}, {"least_outstanding_requests", "nginx-least-conn"}}};

constexpr std::array<std::string_view, 2> failovers {"none", "temporary"};
constexpr std::array<std::string_view, 3> affinities {"cookie", "ip_cookie", "header"};
constexpr std::array<Setting, 3> cookieSettings {{
    {"affinity-by", Setting::Type::choice,
     "session_affinity: cookie; ip_cookie, likewise, but a client's address says where its session "
     "begins; header, no cookie: whoever sends the same header has the same endpoint.",
     "cookie", 0, 0, affinities},
    {"affinity-header", Setting::Type::text,
     "The name of that header, the one of session_affinity_attributes.headers.", "none"},
    {"session-affinity-ttl", Setting::Type::time,
     "How long a session is kept: 30 minutes to a week from its beginning on (unsaid, 23 h), by "
     "header 30 s to an hour from its latest request on (unsaid, 30 minutes).",
     "it depends", 30, 604'800},
}};
constexpr std::array<Setting, 1> settings {
    {{"zero-downtime-failover", Setting::Type::choice,
      "none: a request whose endpoint does not answer fails; temporary: it is tried at another.",
      "none", 0, 0, failovers}}};

constexpr Rule picked {"It carries no __cflb: Cloudflare steers it to an endpoint.",
                       "Cloudflare: Load Balancing, session affinity"};
constexpr Rule valid {"Its __cflb names a healthy endpoint: Cloudflare keeps to it.",
                      "Cloudflare: Load Balancing, session affinity"};
constexpr Rule draining {"Its __cflb names an endpoint that drains: Cloudflare keeps to it.",
                         "Cloudflare: Load Balancing, endpoint drain"};
constexpr Rule unknown {"Its __cflb names no endpoint: Cloudflare steers it anew.",
                        "Cloudflare: Load Balancing, session affinity"};
constexpr Rule down {"Its __cflb names an unhealthy endpoint: Cloudflare fails over and sets a new "
                     "cookie.",
                     "Cloudflare: Load Balancing, session affinity"};
constexpr Rule expired {"The session of its __cflb is over: Cloudflare steers it anew.",
                        "Cloudflare: Load Balancing, session affinity"};
constexpr Rule elsewhere {"The endpoint does not answer: with zero-downtime failover Cloudflare "
                          "tries another of the pool.",
                          "Cloudflare: Load Balancing, zero-downtime failover"};
constexpr Rule webServerDown {"The endpoint does not answer: Cloudflare answers 521.",
                              "Cloudflare: Troubleshooting 5xx errors"};

// Only Cloudflare can read it.
std::string valueOf(const ReplicaView& replica, std::size_t)
{
    return hmacSha256Hex("cloudflare", replica.address()).substr(0, 40);
}

std::string affinityOf(const BalancerSpec& balancer)
{
    return balancer.sticky->settings.text("affinity-by", "cookie");
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    if (affinityOf(balancer) == "header")
        return makeCloudflareHeaders(spec.settings);
    const auto ttl =
        std::chrono::floor<std::chrono::seconds>(spec.settings.time("session-affinity-ttl", 23h));
    return makeDescribedCookie(
        {.name = "__cflb",
         .valueOf = valueOf,
         .attributes = {.path = "/",
                        .lifetime = ttl,
                        .asDate = true,
                        .httpOnly = true,
                        .secure = spec.secure,
                        .sameSite =
                            spec.sameSite == SameSite::unset ? SameSite::lax : spec.sameSite},
         .secureOverTls = true,
         .rules = {.picked = &picked,
                   .valid = &valid,
                   .draining = &draining,
                   .unknown = &unknown,
                   .down = &down,
                   .expired = &expired},
         .keepsDraining = true},
        replicas);
}

std::string refuses(const BalancerSpec& balancer)
{
    if (!balancer.sticky || !balancer.sticky->settings.has("session-affinity-ttl"))
        return {};
    const Duration ttl = balancer.sticky->settings.time("session-affinity-ttl");
    const bool byHeader = affinityOf(balancer) == "header";
    if (byHeader && ttl > 1h)
        return "has a session-affinity-ttl of 30 s to an hour where it goes by a header";
    if (!byHeader && ttl < 30min)
        return "has a session-affinity-ttl of 30 minutes to a week where it goes by a cookie";
    return {};
}

// "stable and based on the client's IP address": by which hash is not said.
std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    return affinityOf(balancer) == "ip_cookie" ? "envoy-ring-hash" : "";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const bool fails = balancer.settings.text("zero-downtime-failover", "none") == "none";
    if (!fails && attempt.number == 0 && attempt.fault == Fault::refused)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 521, .rule = &webServerDown};
}

} // namespace

constexpr Product cloudflare {
    .id = "cloudflare",
    .title = "Cloudflare Load Balancing",
    .follows = "the documentation of 2026",
    .source = "Cloudflare: Load Balancing, session affinity",
    .documentsOnly = "All of it rests on the documentation; what stands in the cookie, what "
                     "becomes of one that names no endpoint, and how ip_cookie hashes an address "
                     "are not in it. By header one header counts; Enterprise may name five.",
    .algorithms = algorithmNames,
    .largestWeight = 100,
    .fall = 1,
    .rise = 1,
    .opaqueValue = true,
    .cookieKeys = CookieKey::secure | CookieKey::sameSite,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .statusWithoutReplica = 503,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always,
    .refuses = refuses};

} // namespace stickyscope
