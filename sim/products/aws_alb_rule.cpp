// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A rule of an Application Load Balancer that forwards to several target groups: its servers are
// balancers, each of them a target group with a weight.
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/described_cookie.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>
#include <utility>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 1> algorithmNames {{{"weighted", "weighted-random"}}};

constexpr double week = 7.0 * 86400;
constexpr std::array<Setting, 1> cookieSettings {{
    {"duration", Setting::Type::time, "DurationSeconds: how long a cookie is good.", "1h", 1, week},
}};

constexpr Rule picked {"It carries no AWSALBTG cookie: the rule draws a target group by weight.",
                       "AWS: Action types for listener rules, forward actions"};
constexpr Rule valid {"Its AWSALBTG cookie, which only the balancer can read, names a target group "
                      "of the rule: the request goes there, whatever its weight is, and whether "
                      "its targets are healthy or not.",
                      "AWS: Action types for listener rules, forward actions; AWS re:Post, ALB to "
                      "automatically redirect traffic"};
constexpr Rule unknown {"Its AWSALBTG cookie cannot be decoded: the rule draws anew.",
                        "AWS: Action types for listener rules, forward actions"};
constexpr Rule over {"Its AWSALBTG cookie's time is over: the rule draws anew.",
                     "AWS: TargetGroupStickinessConfig, DurationSeconds"};
constexpr Rule badGateway {"The target group does not answer: the balancer answers 502.",
                           "AWS: Troubleshoot your Application Load Balancers, HTTP 502"};

std::string valueOf(const ReplicaView& group, std::size_t)
{
    return std::string(group.address());
}

// In the order of cookies that were seen.
std::string attributesInOrder(const CookieAttributes& attributes, WallSeconds now)
{
    std::string text = "; Expires=" + http::httpDate(now + attributes.lifetime.value_or(0s));
    text += "; Path=" + attributes.path.value_or("/");
    if (attributes.sameSite != SameSite::unset)
        text.append("; SameSite=").append(sameSiteWord(attributes.sameSite));
    return attributes.secure ? text + "; Secure" : text;
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const auto duration =
        std::chrono::floor<std::chrono::seconds>(balancer.sticky->settings.time("duration", 1h));
    CookieAttributes attributes {.path = "/", .lifetime = duration};
    CookieDescription is {.name = "AWSALBTG",
                          .valueOf = valueOf,
                          .sealed = true,
                          .key = "stickyscope", // all nodes of the balancer have it
                          .attributes = attributes,
                          .rules = {.picked = &picked,
                                    .valid = &valid,
                                    .draining = &valid,
                                    .unknown = &unknown,
                                    .down = &valid,
                                    .expired = &over},
                          .keepsDraining = true,
                          .keepsWeightZero = true,
                          .keepsDown = true,
                          .dates = CookieDescription::Dates::until,
                          .longestLife = duration,
                          .write = attributesInOrder};
    attributes.secure = true;
    attributes.sameSite = SameSite::none;
    // For requests from other sites.
    is.twin = {.name = "AWSALBTGCORS", .attributes = attributes, .countsAlone = true};
    return makeDescribedCookie(std::move(is), replicas);
}

// Sticky sessions for your Application Load Balancer, application-based stickiness.
std::string refusesServer(const BalancerSpec&, const BalancerSpec& group)
{
    const bool byApplication = group.product == "aws-alb" && group.sticky
        && group.sticky->settings.text("type") == "app_cookie";
    if (!byApplication)
        return {};
    return "does not go with app_cookie: the target group " + group.name
        + " can have lb_cookie, or none";
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

} // namespace

constexpr Product awsAlbRule {
    .id = "aws-alb-rule",
    .title = "AWS ALB, weighted target groups",
    .follows = "the documentation of 2026",
    .source = "AWS: Elastic Load Balancing, Application Load Balancers, forward actions",
    .documentsOnly =
        "All of it rests on the documentation, and the cookies' spelling on some that were seen; "
        "the encryption is the model's own. It does not say whether a group is drawn or has its "
        "turn (drawn here), nor whether the cookie is set again (here only where a group was "
        "drawn); how long it is good everybody has to say (1h here).",
    .algorithms = algorithmNames,
    .largestWeight = 999,
    .opaqueValue = true,
    .cookieSettings = cookieSettings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always,
    .refusesServer = refusesServer,
    .answerTimeout = std::chrono::seconds(60)};

} // namespace stickyscope
