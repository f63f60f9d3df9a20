// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Google's service mesh: a balancer beside each client, which for gRPC is the client's own library.
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 2> algorithmNames {
    {{"ROUND_ROBIN", "envoy-round-robin"}, {"LEAST_REQUEST", "envoy-least-request"}}};

constexpr std::array<Setting, 1> cookieSettings {{
    {"cookie-ttl", Setting::Type::time,
     "statefulSessionAffinity.cookieTtl: how long the cookie is good; 0s: as long as the client "
     "keeps it.",
     "0s", 0, 86400},
}};

constexpr Rule picked {"It carries no GSSA cookie: the mesh picks an endpoint.",
                       "Google Cloud: Network Services, StatefulSessionAffinityPolicy"};
constexpr Rule valid {
    "Its GSSA cookie holds the address of an endpoint that is up and healthy: the "
    "mesh keeps to it.",
    "Google Cloud: Network Services, StatefulSessionAffinityPolicy"};
constexpr Rule unknown {"Its GSSA cookie holds no endpoint's address: the mesh picks anew and sets "
                        "a new cookie.",
                        "gRPC: A55, CookieBasedStatefulSessionFilter"};
constexpr Rule down {
    "Its GSSA cookie holds the address of an endpoint that is not healthy: the mesh "
    "picks anew and sets a new cookie.",
    "gRPC: A55, override_host_status"};
constexpr Rule elsewhere {"The endpoint cannot be reached: the mesh picks another.",
                          "gRPC: A55, xds_override_host_experimental"};
constexpr Rule unavailable {"The endpoint does not answer: the mesh answers 503 (UNAVAILABLE).",
                            "gRPC: status codes and their use"};

std::string valueOf(const ReplicaView& endpoint, std::size_t)
{
    return base64(endpoint.address());
}

// In the order in which gRPC's library writes them (stateful_session_filter.cc).
std::string attributesInOrder(const CookieAttributes& attributes, WallSeconds)
{
    std::string text = "; HttpOnly; Path=" + attributes.path.value_or("/");
    if (attributes.lifetime)
        text += "; Max-Age=" + std::to_string(attributes.lifetime->count());
    return text;
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    CookieAttributes attributes {.path = "/", .httpOnly = true};
    const auto ttl =
        std::chrono::floor<std::chrono::seconds>(balancer.sticky->settings.time("cookie-ttl"));
    if (ttl > 0s)
        attributes.lifetime = ttl;
    return makeDescribedCookie(
        {.name = "GSSA",
         .valueOf = valueOf,
         .attributes = attributes,
         .rules = {.picked = &picked, .valid = &valid, .unknown = &unknown, .down = &down},
         .stripsQuotes = true,
         .write = attributesInOrder},
        replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt& attempt)
{
    if (attempt.fault == Fault::refused && attempt.replicas > 0
        && attempt.number + 1 < attempt.known)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

} // namespace

constexpr Product gcpMesh {
    .id = "gcp-mesh",
    .title = "Google Cloud Service Mesh",
    .follows = "the documentation of 2026",
    .source = "Google Cloud: Network Services, StatefulSessionAffinityPolicy; gRPC: A55",
    .documentsOnly =
        "All of it rests on the documentation. The cookie is as gRPC's library writes it; that of "
        "a mesh with Envoy beside the client has Envoy's form, and newer libraries add the "
        "cluster. "
        "Clients of gRPC have no jar: the application copies the cookie from each answer into the "
        "next call (jar: own), or nothing is sticky. Whether an endpoint that drains keeps its "
        "sessions is not in it (here it does not).",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 2,
    .rise = 2,
    .cookieSettings = cookieSettings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always,
    .endsWithClient = 0,
    .halfHead = Fault::malformed};

} // namespace stickyscope
