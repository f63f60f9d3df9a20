// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>
#include <utility>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 1> algorithmNames {{{"round_robin", "round-robin"}}};

constexpr Rule picked {"It carries no affinity cookie: the gateway picks a server in turn.",
                       "Azure: Application Gateway HTTP settings, cookie-based affinity"};
constexpr Rule valid {"Its affinity cookie names a healthy server: the gateway keeps to it.",
                      "Azure: Application Gateway HTTP settings, cookie-based affinity"};
constexpr Rule draining {"Its affinity cookie names a server that is being taken out: during "
                         "connection draining the gateway still keeps to it.",
                         "Azure: Application Gateway HTTP settings, connection draining"};
constexpr Rule unknown {"Its affinity cookie names no server: the gateway picks anew.",
                        "Azure: Application Gateway HTTP settings"};
constexpr Rule down {"Its affinity cookie names an unhealthy server: the gateway picks another and "
                     "sets a new cookie.",
                     "Azure: Application Gateway HTTP settings"};
constexpr Rule badGateway {"The server does not answer: the gateway answers 502.",
                           "Azure: Troubleshooting bad gateway errors in Application Gateway"};

// A hash, says the documentation, and not of what.
std::string valueOf(const ReplicaView& replica, std::size_t)
{
    return md5Hex(replica.address());
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    const std::string name = spec.cookie.empty() ? "ApplicationGatewayAffinity" : spec.cookie;
    CookieDescription is {.name = name,
                          .valueOf = valueOf,
                          .attributes = {.path = "/"},
                          .rules = {.picked = &picked,
                                    .valid = &valid,
                                    .draining = &draining,
                                    .unknown = &unknown,
                                    .down = &down},
                          .keepsDraining = true};
    // For requests from other sites.
    is.twin = {.name = name + "CORS",
               .attributes = {.path = "/", .secure = true, .sameSite = SameSite::none}};
    return makeDescribedCookie(std::move(is), replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

} // namespace

constexpr Product azureApplicationGateway {
    .id = "azure-application-gateway",
    .title = "Azure Application Gateway",
    .follows = "v2, the documentation of 2026",
    .source = "Azure: Application Gateway HTTP settings",
    .documentsOnly =
        "All of it rests on the documentation, which does not say what the cookie is a hash of, "
        "nor what becomes of one that names no server.",
    .algorithms = algorithmNames,
    .largestWeight = 1,
    .fall = 3,
    .rise = 1,
    .opaqueValue = true,
    .cookieKeys = static_cast<unsigned>(CookieKey::name),
    .statusWithoutReplica = 502,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always,
    .answerTimeout = std::chrono::seconds(20)};

} // namespace stickyscope
