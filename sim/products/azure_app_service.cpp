// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>
#include <utility>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 1> algorithmNames {{{"round_robin", "round-robin"}}};

constexpr std::array<Setting, 1> cookieSettings {
    {{"host-name", Setting::Type::text,
      "The Host that a gateway in front of it sends in place of the client's, by which the "
      "cookie's Domain goes.",
      "the client's own"}}};

constexpr std::string_view name = "ARRAffinity";
constexpr std::string_view twinName = "ARRAffinitySameSite";

constexpr Rule picked {"It carries no ARRAffinity cookie: App Service picks an instance.",
                       "Azure App Service: Disable Session affinity cookie (ARR cookie)"};
constexpr Rule valid {
    "Its ARRAffinity cookie names an instance that is there: App Service keeps to "
    "it.",
    "Azure App Service: Disable Session affinity cookie (ARR cookie)"};
constexpr Rule unknown {"The first of its ARRAffinity cookies names no instance: App Service picks "
                        "anew, and sets new cookies for the host that it was asked for.",
                        "Apps on Azure Blog: Session lost due to ARRAffinity Cookies"};
constexpr Rule down {"Its ARRAffinity cookie names an instance that was removed: App Service picks "
                     "another, and sets new cookies for the host that it was asked for.",
                     "Apps on Azure Blog: Session lost due to ARRAffinity Cookies"};
constexpr Rule badGateway {"The instance does not answer: App Service answers 502.",
                           "Azure App Service: Troubleshoot HTTP 502 and 503"};

// 64 digits, as real ones have; of what they are the hash is not said.
std::string valueOf(const ReplicaView& replica, std::size_t)
{
    return sha256Hex(replica.address());
}

// In this service's own spelling.
std::string attributesWithoutBlanks(const CookieAttributes& attributes, WallSeconds)
{
    std::string text = ";Path=/;HttpOnly";
    if (attributes.sameSite != SameSite::unset)
        text.append(";SameSite=").append(sameSiteWord(attributes.sameSite));
    if (attributes.secure)
        text += ";Secure";
    if (!attributes.domain.empty())
        text += ";Domain=" + attributes.domain;
    return text;
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    CookieDescription is {
        .name = std::string(name),
        .valueOf = valueOf,
        .attributes = {.domain = balancer.sticky->settings.text("host-name")},
        .secureOverTls = true,
        .hostIsDomain = true,
        .rules = {.picked = &picked, .valid = &valid, .unknown = &unknown, .down = &down},
        .write = attributesWithoutBlanks};
    // For requests from other sites.
    is.twin = {.name = std::string(twinName),
               .attributes = is.attributes,
               .overTlsOnly = true,
               .countsAlone = true};
    is.twin->attributes.sameSite = SameSite::none;
    return makeDescribedCookie(std::move(is), replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

} // namespace

constexpr Product azureAppService {
    .id = "azure-app-service",
    .title = "Azure App Service",
    .follows = "several instances, the documentation of 2026",
    .source = "Azure App Service: session affinity (ARR cookie); Apps on Azure Blog",
    .documentsOnly =
        "All of it rests on the documentation, and the cookies' spelling on examples in it. It "
        "does not say how an instance is picked (in turn here), of what the cookie is a hash, nor "
        "whether the second one is set without TLS (not here).",
    .algorithms = algorithmNames,
    .largestWeight = 1,
    .fall = 10,
    .rise = 1,
    .opaqueValue = true,
    .cookieSettings = cookieSettings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always,
    .answerTimeout = std::chrono::seconds(230)};

} // namespace stickyscope
