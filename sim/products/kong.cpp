// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/client_cookie.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 3> algorithmNames {
    {{"round-robin", "smooth-weighted-round-robin"},
     {"least-connections", "nginx-least-conn"},
     {"latency", "ingress-nginx-ewma"}}};

constexpr std::array<Setting, 1> settings {
    {{"retries", Setting::Type::whole, "How often a service's request is tried once more (5).", 0,
      100}}};

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

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet&)
{
    const StickySpec& spec = *balancer.sticky;
    return makeClientCookie({.name = spec.cookie.empty() ? "sticky" : spec.cookie,
                             .attributes = {.path = spec.path.value_or("/")},
                             .hashed = &hashed,
                             .named = &named,
                             .issue = randomUuid});
}

std::string_view stickyAlgorithm(const BalancerSpec&)
{
    return "envoy-ring-hash";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (attempt.number >= balancer.settings.whole("retries", 5))
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
    if (balancer.sticky)
        return {.action = OnFailure::Action::sameAgain, .rule = &triedAgain};
    return {.action = OnFailure::Action::another, .rule = &elsewhere};
}

} // namespace

constexpr Product kong {
    .id = "kong",
    .title = "Kong",
    .follows = "3.9",
    .source = "Kong: kong/runloop/balancer",
    .documentsOnly = "All of it follows the source. Which target a value's hash says is another "
                     "ring's (Envoy's); least-connections and latency are those of their kin, "
                     "nginx and ingress-nginx.",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .cookieKeys = CookieKey::name | CookieKey::path,
    .settings = settings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always};

} // namespace stickyscope
