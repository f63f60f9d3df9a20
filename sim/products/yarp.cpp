// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"
#include "sim/products/yarp_cookie.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 5> algorithmNames {
    {{"PowerOfTwoChoices", "traefik-p2c"},
     {"RoundRobin", "round-robin"},
     {"LeastRequests", "least-connections"},
     {"Random", "random"},
     {"FirstAlphabetical", "first-alphabetical"}}};

constexpr std::array<std::string_view, 4> policies {"HashCookie", "ArrCookie", "Cookie",
                                                    "CustomHeader"};
constexpr std::array<std::string_view, 2> failurePolicies {"Redistribute", "Return503Error"};
constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<Setting, 4> cookieSettings {{
    {"policy", Setting::Type::choice,
     "What names the destination: HashCookie and ArrCookie a hash of its id, Cookie its id, "
     "encrypted; CustomHeader the same in a header of the name that `cookie` gives, for clients "
     "that copy it from answers into their requests.",
     "HashCookie", 0, 0, policies},
    {"failure-policy", Setting::Type::choice,
     "What becomes of a request whose affinity key leads nowhere: Redistribute picks anew, "
     "Return503Error answers 503.",
     "Redistribute", 0, 0, failurePolicies},
    {"data-protection-keys", Setting::Type::text,
     "A word that stands for the keys with which Cookie and CustomHeader encrypt, and which "
     "proxies "
     "share; a proxy that has others cannot read it.",
     "each proxy has its own"},
    {"expiration", Setting::Type::time,
     "How long the cookie is good, as a date; 0s: none is written.", "0s", 0, longest},
}};

constexpr std::array<Setting, 5> settings {{
    {"passive", Setting::Type::flag,
     "HealthCheck.Passive, TransportFailureRate: requests that fail mark a destination unhealthy."},
    {"failure-rate-limit", Setting::Type::number,
     "Which share of them does, of those within detection-window-size.", "0.3", 0.001, 0.999},
    {"minimal-total-count-threshold", Setting::Type::whole,
     "Within that time, how many requests there must be before it counts.", "10", 1, 1'000'000},
    {"detection-window-size", Setting::Type::time, "How long a request counts.", "1m", 1, 86400},
    {"reactivation-period", Setting::Type::time,
     "How long a destination is left out, but at least as long as detection-window-size.", "1m", 1,
     86400},
}};

constexpr Rule picked {"It carries no affinity key: YARP picks a destination.",
                       "YARP: SessionAffinityMiddleware, AffinityKeyNotSet"};
constexpr Rule valid {"Its affinity key is that of an available destination: YARP keeps to it.",
                      "YARP: SessionAffinityMiddleware, OK"};
constexpr Rule unknown {"Its affinity key is no destination's, or cannot be decrypted: YARP "
                        "picks anew and sets a new one.",
                        "YARP: Session Affinity, Redistribute"};
constexpr Rule down {"Its affinity key is that of a destination that is not available: YARP "
                     "picks another and sets a new one.",
                     "YARP: Session Affinity, Redistribute"};
constexpr Rule refused {"Its affinity key leads to no available destination: YARP answers 503.",
                        "YARP: Session Affinity, Return503Error"};
constexpr Rule badGateway {"The destination does not answer: YARP answers 502.",
                           "YARP: HttpForwarder"};

// What ASP.NET's Data Protection makes begins with these octets, and has no padding here; the rest
// is the model's own.
std::string protectedValue(const std::string& keys, const ReplicaView& replica)
{
    std::string value =
        base64("\x09\xF0\xC9\xF0" + hmacSha256Hex(keys, replica.name).substr(0, 44));
    return value.substr(0, value.find('='));
}

// As ASP.NET Core writes them.
std::string attributesInSmallLetters(const CookieAttributes& attributes, WallSeconds now)
{
    std::string text;
    if (attributes.asDate && attributes.lifetime)
        text += "; expires=" + http::httpDate(now + *attributes.lifetime);
    else if (attributes.lifetime)
        text += "; max-age=" + std::to_string(attributes.lifetime->count());
    if (!attributes.domain.empty())
        text += "; domain=" + attributes.domain;
    text += "; path=" + attributes.path.value_or("/");
    if (attributes.secure)
        text += "; secure";
    if (attributes.sameSite != SameSite::unset)
        text += "; samesite=" + http::lowered(sameSiteWord(attributes.sameSite));
    if (attributes.httpOnly)
        text += "; httponly";
    return text;
}

std::function<std::string(const ReplicaView&, std::size_t)> hashOf(const StickySpec& spec)
{
    const std::string policy = spec.settings.text("policy", "HashCookie");
    const auto value = policy == "ArrCookie" ? yarpArrValue : yarpHashValue;
    return [value](const ReplicaView& replica, std::size_t) { return value(replica.name); };
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    CookieAttributes attributes = attributesOf(spec, "/");
    attributes.httpOnly = true;
    const auto expiration =
        std::chrono::floor<std::chrono::seconds>(spec.settings.time("expiration"));
    if (!attributes.lifetime && expiration.count() > 0) {
        attributes.lifetime = expiration;
        attributes.asDate = true;
    }
    const int status =
        spec.settings.text("failure-policy", "Redistribute") == "Return503Error" ? 503 : 0;
    const bool byHeader = spec.settings.text("policy") == "CustomHeader";
    const bool encrypts = byHeader || spec.settings.text("policy") == "Cookie";
    return makeDescribedCookie(
        {.name = spec.cookie.empty() ? ".Yarp.ReverseProxy.Affinity" : spec.cookie,
         .header = !byHeader       ? ""
             : spec.cookie.empty() ? "X-Yarp-Affinity"
                                   : spec.cookie,
         .valueOf = hashOf(spec),
         .valueBy = encrypts ? protectedValue : nullptr,
         .key = spec.settings.text("data-protection-keys"),
         .attributes = attributes,
         .rules = {.picked = &picked,
                   .valid = &valid,
                   .unknown = &unknown,
                   .down = &down,
                   .refused = &refused},
         .unknownStatus = status,
         .downStatus = status,
         .onOwnErrors = true,
         .write = attributesInSmallLetters},
        replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    const Settings& given = balancer.settings;
    if (!given.flag("passive"))
        return {};
    const Duration window = given.time("detection-window-size", 1min);
    return {.within = window,
            .out = std::max(given.time("reactivation-period", 1min), window),
            .failureRate = given.number("failure-rate-limit", 0.3),
            .leastRequests = static_cast<int>(given.whole("minimal-total-count-threshold", 10)),
            .partAnswer = PartAnswer::fails};
}

} // namespace

constexpr Product yarp {
    .id = "yarp",
    .title = "YARP",
    .follows = "2.0 and later, source and documentation",
    .source = "YARP: Session Affinity; src/ReverseProxy/SessionAffinity",
    .documentsOnly =
        "All of it rests on source and documentation: nobody held it against a running YARP. An id "
        "is a replica's name; the encryption is the model's own, and of several cookies of the "
        "name the first counts. Unsaid, each proxy has its own data-protection keys, as reported "
        "(microsoft/reverse-proxy#1980), and loses them where it restarts, as in a container: "
        "several read each other's Cookie and CustomHeader only where they share keys. It has no "
        "name by "
        "itself, but this one by its samples. Of passive checks "
        "an answer that comes while its destination is left out does not bring it back.",
    .algorithms = algorithmNames,
    .largestWeight = 1,
    .fall = 2,
    .rise = 1,
    .cookieKeys = CookieKey::name | CookieKey::path | CookieKey::domain | CookieKey::secure
        | CookieKey::sameSite | CookieKey::maxAge,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .passive = passive,
    .reloadKeepsPicks = always,
    .answerTimeout = std::chrono::seconds(100)};

} // namespace stickyscope
