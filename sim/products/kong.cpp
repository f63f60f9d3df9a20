// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/client_cookie.h"
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/hash_key.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 5> algorithmNames {
    {{"round-robin", "smooth-weighted-round-robin"},
     {"least-connections", "nginx-least-conn"},
     {"latency", "ingress-nginx-ewma"},
     {"consistent-hashing", "envoy-ring-hash"},
     {"sticky-sessions", "smooth-weighted-round-robin"}}};

constexpr std::array<Setting, 3> settings {{
    hashOn,
    hashName,
    {"retries", Setting::Type::whole, "How often a service's request is tried once more.", "5", 0,
     100},
}};

constexpr Rule picked {"It carries no cookie to hash: Kong picks a target by its algorithm.",
                       "Kong: kong/runloop/balancer"};
constexpr Rule hashed {"Kong hashes its cookie's value, whatever it is.",
                       "Kong: kong/runloop/balancer/balancers.lua, hash_on cookie"};
constexpr Rule named {"It carries no cookie to hash: Kong makes up a UUID and hashes that.",
                      "Kong: kong/runloop/balancer/balancers.lua, hash_on cookie"};
constexpr Rule triedAgain {"The target does not answer: Kong's retry comes to the same place of "
                           "the wheel, and so to the same target.",
                           "Kong: kong/runloop/balancer/consistent_hashing.lua, getPeer"};
constexpr Rule elsewhere {"The target does not answer: Kong's retry goes to another.",
                          "Kong: kong/runloop/balancer"};
constexpr Rule badGateway {"No retry was answered: Kong answers 502.",
                           "Kong: docs, service retries"};

constexpr Rule valid {"Its cookie names a target that is there: Kong keeps to it.",
                      "Kong 3.11: docs, load balancing, sticky-sessions"};
constexpr Rule draining {
    "Its cookie names a target of weight 0, which is shutting down: Kong keeps to it.",
    "Kong: docs, sticky sessions, drain support"};
constexpr Rule unknown {"Its cookie names no target: Kong picks anew and sets a new cookie.",
                        "Kong 3.11: docs, load balancing, sticky-sessions"};
constexpr Rule down {"Its cookie names a target that is unhealthy: Kong picks anew and sets a new "
                     "cookie.",
                     "Kong 3.11: docs, load balancing, sticky-sessions"};

bool namesTargets(const BalancerSpec& balancer)
{
    return balancer.algorithm == "sticky-sessions";
}

// Nobody says what stands in it.
std::string valueOf(const ReplicaView& replica, std::size_t)
{
    return sha256Hex(replica.address()).substr(0, 32);
}

std::unique_ptr<StickyPolicy> makeTargetCookie(const StickySpec& spec, const ReplicaSet& replicas)
{
    return makeDescribedCookie({.name = spec.cookie.empty() ? "sticky" : spec.cookie,
                                .valueOf = valueOf,
                                .attributes = {.path = spec.path.value_or("/")},
                                .rules = {.picked = &picked,
                                          .valid = &valid,
                                          .draining = &draining,
                                          .unknown = &unknown,
                                          .down = &down},
                                .keepsDraining = true,
                                .keepsWeightZero = true},
                               replicas);
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    if (namesTargets(balancer))
        return makeTargetCookie(spec, replicas);
    return makeClientCookie({.name = spec.cookie.empty() ? "sticky" : spec.cookie,
                             .attributes = {.path = spec.path.value_or("/")},
                             .hashed = &hashed,
                             .named = &named,
                             .issue = randomUuid});
}

std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    return namesTargets(balancer) ? "" : "envoy-ring-hash";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (attempt.number >= balancer.settings.whole("retries", 5))
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
    const bool hashes =
        balancer.algorithm == "consistent-hashing" || (balancer.sticky && !namesTargets(balancer));
    if (hashes)
        return {.action = OnFailure::Action::sameAgain, .rule = &triedAgain};
    return {.action = OnFailure::Action::another, .rule = &elsewhere};
}

} // namespace

constexpr Product kong {
    .id = "kong",
    .title = "Kong",
    .follows = "3.9; sticky-sessions: 3.11",
    .source = "Kong: kong/runloop/balancer",
    .documentsOnly = "All of it follows the source, sticky-sessions (3.11 and later) the "
                     "documentation, which tells neither its cookie's value nor how it picks: here "
                     "a hash, and round-robin. Which target a value's hash says is another "
                     "ring's (Envoy's); least-connections and latency are those of their kin, "
                     "nginx and ingress-nginx.",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .opaqueAlgorithm = "sticky-sessions",
    .cookieKeys = CookieKey::name | CookieKey::path,
    .settings = settings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .hashKey = hashKeyOf,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always,
    .endsWithClient = 0};

} // namespace stickyscope
