// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/envoy_limits.h"
#include "sim/products/envoy_stickiness.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 3> algorithmNames {{{"LEAST_REQUEST", "envoy-least-request"},
                                                           {"ROUND_ROBIN", "envoy-round-robin"},
                                                           {"RANDOM", "random"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<Setting, 2> cookieSettings {{
    {"ttl", Setting::Type::time, "How long the cookie is good; 0s: as long as the browser runs.",
     "0s", 0, longest},
    {"persistent-session", Setting::Type::flag,
     "The cookie names a pod itself (label istio.io/persistent-session); without it, its hash does "
     "(consistentHash.httpCookie)."},
}};
constexpr std::array<std::string_view, 2> hashes {"ringHash", "maglev"};
constexpr std::array<Setting, 5> settings {{
    {"consistent-hash", Setting::Type::choice,
     "How the cookie's hash says which pod: ringHash or maglev.", "ringHash", 0, 0, hashes},
    {"minimum-ring-size", Setting::Type::whole, "Of ringHash.", "1024", 1, 8'388'608},
    {"retries", Setting::Type::whole, "How often a pod that does not answer is retried.", "2", 0,
     100},
    {"max-requests", Setting::Type::whole,
     "http2MaxRequests: how many requests may be under way at once.", "1024", 1, 1'000'000},
    {"warmup", Setting::Type::time,
     "How long a pod that joins or comes up again takes less than its share.", "none", 1, 3600},
}};

constexpr Rule triedAgain {
    "The pod does not answer: with consistentHash Istio retries the one that the hash says.",
    "Istio: route/retry/retry.go, DefaultConsistentHashPolicy"};
constexpr Rule elsewhere {"The pod does not answer: Istio's default retry goes to another.",
                          "Istio: route/retry/retry.go, DefaultPolicy, previous_hosts"};
constexpr Rule unavailable {"No retry was answered: the gateway's Envoy answers 503.",
                            "Istio: route/retry/retry.go"};

// Half of Envoy's base interval, 25 ms: what its jitter comes to on average.
constexpr Duration backOff = 12'500us;

bool hashesCookie(const BalancerSpec& balancer)
{
    return balancer.sticky && !balancer.sticky->settings.flag("persistent-session");
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    EnvoyCookie cookie {.name = spec.cookie.empty() ? "sticky" : spec.cookie,
                        .path = spec.path,
                        .ttl = spec.settings.time("ttl")};
    if (hashesCookie(balancer))
        return makeEnvoyHashPolicy(std::move(cookie));
    cookie.path = spec.path.value_or("/");
    cookie.ttl = Duration::zero();
    // Such a service's draining and unready pods stay known to Envoy (xds/endpoints).
    return makeEnvoyStatefulSession(std::move(cookie),
                                    {.keepsDraining = true, .keepsUnhealthy = true}, replicas);
}

std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    if (!hashesCookie(balancer))
        return {};
    return balancer.settings.text("consistent-hash", "ringHash") == "maglev" ? "envoy-maglev"
                                                                             : "envoy-ring-hash";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const bool retries =
        attempt.fault == Fault::refused && attempt.number < balancer.settings.whole("retries", 2);
    if (retries && hashesCookie(balancer))
        return {.action = OnFailure::Action::sameAgain, .wait = backOff, .rule = &triedAgain};
    if (retries)
        return {.action = OnFailure::Action::another, .wait = backOff, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

SlowStart slowStart(const BalancerSpec& balancer)
{
    return envoySlowStart(balancer.settings.time("warmup"));
}

} // namespace

constexpr Product istio {
    .id = "istio",
    .title = "Istio",
    .follows = "1.24, with Envoy 1.40.0",
    .source = "Istio: pilot/pkg/networking/core; its Envoy as measured on 1.40.0",
    .documentsOnly = "What Istio asks of Envoy follows its source; Envoy's own part is measured.",
    .algorithms = algorithmNames,
    .hasZones = true,
    .cookieKeys = CookieKey::name | CookieKey::path,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &envoyPicked,
    .sticky = makeCookie,
    .failed = failed,
    .limit = envoyMostRequests,
    .slowStart = slowStart,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always,
    .endsWithClient = 0,
    .halfHead = Fault::malformed};

} // namespace stickyscope
