// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <optional>
#include <utility>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 1> algorithmNames {
    {{"least_outstanding_requests", "least-connections"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 2> types {"lb_cookie", "app_cookie"};
constexpr std::array<Setting, 3> cookieSettings {{
    {"type", Setting::Type::choice,
     "lb_cookie: the balancer's own cookie, for a time; app_cookie: for as long as the "
     "application's, and only with it.",
     "lb_cookie", 0, 0, types},
    {"expiration", Setting::Type::time,
     "How long a cookie of lb_cookie is good; 0s: as long as the browser runs.", "0s", 0, longest},
    {"app-cookie", Setting::Type::text, "The name of the application's cookie.", "JSESSIONID"},
}};

constexpr std::string_view ownName = "AWSELB";

constexpr Rule picked {"It carries no AWSELB cookie: the balancer picks an instance.",
                       "AWS: Configure sticky sessions for your Classic Load Balancer"};
constexpr Rule valid {"Its AWSELB cookie names a healthy instance: the balancer keeps to it, and "
                      "does not look at the cookie's age.",
                      "AWS: Classic Load Balancer, duration-based session stickiness"};
constexpr Rule unknown {"Its AWSELB cookie names no instance: the balancer picks anew.",
                        "AWS: Classic Load Balancer, duration-based session stickiness"};
constexpr Rule down {"Its AWSELB cookie names an instance that failed or is unhealthy: the "
                     "balancer picks another, as if there were no cookie.",
                     "AWS: Classic Load Balancer, duration-based session stickiness"};
constexpr Rule followed {"Its AWSELB cookie names a healthy instance, and the application's cookie "
                         "came with it: the balancer keeps to it.",
                         "AWS: Classic Load Balancer, application-controlled session stickiness"};
constexpr Rule alone {"Its AWSELB cookie came without the application's: the session is no longer "
                      "sticky, and the balancer picks an instance.",
                      "AWS: Classic Load Balancer, application-controlled session stickiness"};
constexpr Rule stuck {"Its AWSELB cookie names an instance that failed or is unhealthy: the "
                      "balancer picks another, and keeps to that one from now on.",
                      "AWS: Classic Load Balancer, application-controlled session stickiness"};
constexpr Rule timedOut {"The instance does not answer: the balancer answers 504.",
                         "AWS: Troubleshoot a Classic Load Balancer, HTTP 504"};

// Real ones are hexadecimal digits in upper case that tell nothing.
std::string valueOf(const ReplicaView& replica, std::size_t)
{
    std::string value = hmacSha256Hex("stickyscope", replica.address());
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char digit) { return static_cast<char>(std::toupper(digit)); });
    return value;
}

// In this balancer's own spelling.
std::string attributesInCapitals(const CookieAttributes& attributes, WallSeconds now)
{
    std::string text = ";PATH=" + attributes.path.value_or("/");
    if (!attributes.domain.empty())
        text += ";DOMAIN=" + attributes.domain;
    if (attributes.lifetime)
        text += attributes.asDate ? ";EXPIRES=" + http::httpDate(now + *attributes.lifetime)
                                  : ";MAX-AGE=" + std::to_string(attributes.lifetime->count());
    if (attributes.httpOnly)
        text += ";HTTPONLY";
    if (attributes.secure)
        text += ";SECURE";
    if (attributes.sameSite != SameSite::unset)
        text.append(";SAMESITE=").append(sameSiteWord(attributes.sameSite));
    return text;
}

// The cookie that lasts as long as the application's, and has its attributes.
class FollowingCookie final : public CloneableSticky<FollowingCookie>
{
public:
    FollowingCookie(const StickySpec& spec, const ReplicaSet& replicas)
        : m_applications(spec.settings.text("app-cookie", "JSESSIONID"))
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override { m_named.add(valueOf(replica, 0)); }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto value = http::cookieValue(arrival.request.fields, ownName);
        if (!value)
            return {.rule = &picked};
        const ReplicaIndex index = m_named.find(*value);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        if (!http::cookieValue(arrival.request.fields, m_applications))
            return {.state = CookieIn::refused, .rule = &alone};
        if (!replicas[index].takesFresh())
            return {.state = CookieIn::down, .names = index, .rule = &stuck};
        return {.state = CookieIn::valid, .names = index, .bound = true, .rule = &followed};
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        if (placement.replica == noReplica || placement.origin == Origin::balancer)
            return CookieOut::none;
        const auto applications = setByApplication(response);
        if (!applications && recall.state != CookieIn::down)
            return CookieOut::none;
        CookieAttributes attributes;
        if (applications)
            attributes = attributesLike(*applications, placement.now);
        response.fields.add("Set-Cookie",
                            std::string(ownName) + "=" + m_named.valueOf(placement.replica)
                                + attributesInCapitals(attributes, placement.now));
        const bool kept = recall.bound && recall.names == placement.replica;
        return kept                          ? CookieOut::refreshed
            : recall.state == CookieIn::none ? CookieOut::inserted
                                             : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return ownName; }

private:
    std::optional<http::SetCookie> setByApplication(const http::ResponseHead& response) const
    {
        for (const std::string_view field : response.fields.all("Set-Cookie")) {
            auto cookie = http::parseSetCookie(field);
            if (cookie && cookie->name == m_applications)
                return cookie;
        }
        return std::nullopt;
    }

    static CookieAttributes attributesLike(const http::SetCookie& cookie, WallSeconds now)
    {
        CookieAttributes attributes {.domain = cookie.domain,
                                     .lifetime = cookie.maxAge,
                                     .httpOnly = cookie.httpOnly,
                                     .secure = cookie.secure,
                                     .sameSite = cookie.sameSite};
        if (!cookie.path.empty())
            attributes.path = cookie.path;
        if (!cookie.maxAge && cookie.expires) {
            attributes.lifetime = *cookie.expires - now;
            attributes.asDate = true;
        }
        return attributes;
    }

    std::string m_applications;
    NamedReplicas m_named;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    if (spec.settings.text("type") == "app_cookie")
        return std::make_unique<FollowingCookie>(spec, replicas);
    CookieAttributes attributes {.path = "/"};
    const auto expiration =
        std::chrono::floor<std::chrono::seconds>(spec.settings.time("expiration"));
    if (expiration > 0s)
        attributes.lifetime = expiration;
    CookieDescription is {
        .name = std::string(ownName),
        .valueOf = valueOf,
        .attributes = attributes,
        .rules = {.picked = &picked, .valid = &valid, .unknown = &unknown, .down = &down},
        .write = attributesInCapitals};
    attributes.secure = true;
    attributes.sameSite = SameSite::none;
    // For requests from other sites.
    is.twin = {.name = "AWSELBCORS", .attributes = attributes, .countsAlone = true};
    return makeDescribedCookie(std::move(is), replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 504, .rule = &timedOut};
}

} // namespace

constexpr Product awsClassic {
    .id = "aws-classic",
    .title = "AWS Classic Load Balancer",
    .follows = "the documentation of 2026",
    .source = "AWS: Configure sticky sessions for your Classic Load Balancer",
    .documentsOnly =
        "All of it rests on the documentation, and the cookies' spelling on some that were seen. "
        "It does not say what stands in them, what becomes of one that names no instance, what is "
        "answered where an instance refuses the connection (504 here), nor how an "
        "application-controlled session stays with another instance (by a new cookie here).",
    .algorithms = algorithmNames,
    .largestWeight = 1,
    .fall = 2,
    .rise = 10,
    .opaqueValue = true,
    .cookieSettings = cookieSettings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always,
    .answerTimeout = std::chrono::seconds(60)};

} // namespace stickyscope
