// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/client_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 5> algorithmNames {{{"ROUND_ROBIN", "envoy-round-robin"},
                                                           {"LEAST_REQUEST", "envoy-least-request"},
                                                           {"RANDOM", "random"},
                                                           {"RING_HASH", "envoy-ring-hash"},
                                                           {"MAGLEV", "envoy-maglev"}}};

constexpr std::array<std::string_view, 4> affinities {"GENERATED_COOKIE", "HTTP_COOKIE",
                                                      "STRONG_COOKIE_AFFINITY", "HEADER_FIELD"};
constexpr std::array<std::string_view, 2> schemes {"EXTERNAL_MANAGED", "INTERNAL_MANAGED"};
constexpr std::array<Setting, 4> cookieSettings {{
    {"session-affinity", Setting::Type::choice,
     "GENERATED_COOKIE and HTTP_COOKIE are hashed, STRONG_COOKIE_AFFINITY names the backend; "
     "HEADER_FIELD sets no cookie and hashes a header.",
     "GENERATED_COOKIE", 0, 0, affinities},
    {"http-header-name", Setting::Type::text, "That header (consistentHash.httpHeaderName).",
     "none"},
    {"affinity-cookie-ttl", Setting::Type::time,
     "How long the cookie is good; 0s: as long as the browser runs.", "0s", 0, 1'209'600},
    {"load-balancing-scheme", Setting::Type::choice,
     "EXTERNAL_MANAGED: its own cookie is called GCLB; INTERNAL_MANAGED: GCILB.",
     "EXTERNAL_MANAGED", 0, 0, schemes},
}};

constexpr Rule picked {"It carries no affinity cookie: the balancer picks a backend.",
                       "Google Cloud: backend services, session affinity"};
constexpr Rule hashed {"The balancer hashes its cookie's value, whatever it is.",
                       "Google Cloud: backend services, GENERATED_COOKIE and HTTP_COOKIE"};
constexpr Rule named {"It carries no affinity cookie: the balancer makes one up and hashes that.",
                      "Google Cloud: backend services, GENERATED_COOKIE"};
constexpr Rule byHeader {
    "The balancer hashes the header that httpHeaderName names; a request without it goes anywhere.",
    "Google Cloud: backend services, HEADER_FIELD"};
constexpr Rule valid {"Its cookie names a healthy backend: the balancer keeps to it.",
                      "Google Cloud: backend services, STRONG_COOKIE_AFFINITY"};
constexpr Rule unknown {"Its cookie names no backend: the balancer picks anew.",
                        "Google Cloud: backend services, STRONG_COOKIE_AFFINITY"};
constexpr Rule down {"Its cookie names a backend that is not healthy: the balancer picks another.",
                     "Google Cloud: backend services, STRONG_COOKIE_AFFINITY"};
constexpr Rule elsewhere {"The backend does not answer: the balancer tries once more, elsewhere.",
                          "Google Cloud: external Application Load Balancers, retries"};
constexpr Rule badGateway {"The backend does not answer: the balancer answers 502.",
                           "Google Cloud: Troubleshoot load balancing, 502"};

std::string valueOf(const ReplicaView& replica, std::size_t)
{
    return base64(hmacSha256Hex("gcp", replica.address()).substr(0, 12));
}

std::string shortName(Draw& draw)
{
    return base64(hexOf(draw(), 16).substr(0, 9));
}

std::string affinityOf(const StickySpec& spec)
{
    return spec.settings.text("session-affinity", "GENERATED_COOKIE");
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    if (affinityOf(spec) == "HEADER_FIELD")
        return makeNoStickiness(byHeader);
    const bool generated = affinityOf(spec) == "GENERATED_COOKIE";
    CookieAttributes attributes {
        .path = generated ? "/" : spec.path.value_or("/"), .asDate = generated, .httpOnly = true};
    const auto ttl =
        std::chrono::floor<std::chrono::seconds>(spec.settings.time("affinity-cookie-ttl"));
    if (ttl > 0s)
        attributes.lifetime = ttl;
    const bool internal =
        spec.settings.text("load-balancing-scheme", "EXTERNAL_MANAGED") == "INTERNAL_MANAGED";
    const std::string own = internal ? "GCILB" : "GCLB";
    const std::string name = generated || spec.cookie.empty() ? own : spec.cookie;
    if (affinityOf(spec) != "STRONG_COOKIE_AFFINITY")
        return makeClientCookie({.name = name,
                                 .attributes = attributes,
                                 .hashed = &hashed,
                                 .named = &named,
                                 .issue = shortName});
    return makeDescribedCookie({.name = name,
                                .valueOf = valueOf,
                                .attributes = attributes,
                                .rules = {.picked = &picked,
                                          .valid = &valid,
                                          .draining = &valid,
                                          .unknown = &unknown,
                                          .down = &down},
                                .stripsQuotes = true},
                               replicas);
}

// Hashing needs a ring or Maglev; localityLbPolicy says which.
std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    if (affinityOf(*balancer.sticky) == "STRONG_COOKIE_AFFINITY")
        return {};
    return balancer.algorithm == "MAGLEV" ? "envoy-maglev" : "envoy-ring-hash";
}

HashKey hashKey(const BalancerSpec& balancer)
{
    if (!balancer.sticky || affinityOf(*balancer.sticky) != "HEADER_FIELD")
        return {};
    return {.of = HashKey::Of::header, .name = balancer.sticky->settings.text("http-header-name")};
}

OnFailure failed(const BalancerSpec&, const Attempt& attempt)
{
    if (attempt.number == 0 && attempt.replicas > 0)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

} // namespace

constexpr Product gcp {
    .id = "gcp",
    .title = "Google Cloud Load Balancing",
    .follows = "external Application Load Balancers, the documentation of 2026",
    .source = "Google Cloud: backend services, session affinity",
    .documentsOnly =
        "All of it rests on the documentation, which tells neither the cookies' attributes nor "
        "what stands in them; the hashes are Envoy's, on which these balancers run.",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 2,
    .rise = 2,
    .opaqueValue = true,
    .cookieKeys = CookieKey::name | CookieKey::path,
    .cookieSettings = cookieSettings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .hashKey = hashKey,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always};

} // namespace stickyscope
