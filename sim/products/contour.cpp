// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/envoy_stickiness.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 3> algorithmNames {
    {{"RoundRobin", "envoy-round-robin"},
     {"WeightedLeastRequest", "envoy-least-request"},
     {"Random", "random"}}};

constexpr std::array<Setting, 1> settings {
    {{"retry-count", Setting::Type::whole, "How often its retryPolicy sends a request once more.",
      "0", 0, 100}}};

constexpr Rule triedAgain {
    "The pod does not answer: Contour's retryPolicy tries again the one that the cookie says.",
    "Contour: retryPolicy; Envoy without a retry_host_predicate"};
constexpr Rule retried {"The pod does not answer: Contour's retryPolicy picks once more.",
                        "Contour: docs, retryPolicy"};
constexpr Rule unavailable {"The pod does not answer: Contour's Envoy answers 503.",
                            "Envoy 1.40.0, measured"};

constexpr Duration backOff = 12'500us; ///< half of Envoy's base interval

// Strategy Cookie: nothing of it can be set.
std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec&, const ReplicaSet&)
{
    return makeEnvoyHashPolicy(
        {.name = "X-Contour-Session-Affinity", .path = "/", .ttl = Duration::zero()});
}

std::string_view stickyAlgorithm(const BalancerSpec&)
{
    return "envoy-ring-hash";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const bool retries = attempt.number < balancer.settings.whole("retry-count", 0);
    if (retries && balancer.sticky)
        return {.action = OnFailure::Action::sameAgain, .wait = backOff, .rule = &triedAgain};
    if (retries)
        return {.action = OnFailure::Action::anew, .wait = backOff, .rule = &retried};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

} // namespace

constexpr Product contour {
    .id = "contour",
    .title = "Contour",
    .follows = "1.30, with Envoy 1.40.0",
    .source = "Contour: internal/dag; its Envoy as measured on 1.40.0",
    .documentsOnly = "What Contour asks of Envoy follows its source; Envoy's own part is measured.",
    .algorithms = algorithmNames,
    .settings = settings,
    .picked = &envoyPicked,
    .sticky = makeCookie,
    .failed = failed,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always,
    .endsWithClient = 0,
    .halfHead = Fault::malformed};

} // namespace stickyscope
