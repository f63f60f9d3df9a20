// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/nginx_next_upstream.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 1> algorithmNames {
    {{"round_robin", "nginx-sticky-module-ng"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 3> hashes {"index", "md5", "sha1"};
constexpr std::array<std::string_view, 2> hmacs {"md5", "sha1"};
constexpr std::array<std::string_view, 1> texts {"raw"};
constexpr std::array<Setting, 6> cookieSettings {{
    {"hash", Setting::Type::choice, "The value is the server's number, or a hash of its address.",
     "md5", 0, 0, hashes},
    {"hmac", Setting::Type::choice, "The value is a keyed hash of the server's address.", "none", 0,
     0, hmacs},
    {"hmac-key", Setting::Type::text, "The key of hmac.", "empty"},
    {"text", Setting::Type::choice, "raw: the value is the server's address itself.", "none", 0, 0,
     texts},
    {"expires", Setting::Type::time, "How long the cookie is good, as a date.", "browser session",
     1, longest},
    {"no-fallback", Setting::Type::flag,
     "502 where the server that the cookie names does not take the request."},
}};
constexpr std::array<Setting, 3> settings {{
    {"max-fails", Setting::Type::whole,
     "How many failed requests mark a server as unavailable; 0: none does.", "1", 0, 1000},
    {"fail-timeout", Setting::Type::time, "Within which time, and for how long it is left out.",
     "10s", 1, 86400},
    proxyNextUpstream,
}};

constexpr Rule picked {"It carries no sticky cookie: the module leaves it to round robin.",
                       "nginx-sticky-module-ng: ngx_http_sticky_module.c"};
constexpr Rule valid {"Its cookie names a server that is up: the module keeps to it.",
                      "nginx-sticky-module-ng: ngx_http_sticky_module.c"};
constexpr Rule unknown {"Its cookie names no server: the module leaves it to round robin.",
                        "nginx-sticky-module-ng: ngx_http_sticky_module.c"};
constexpr Rule down {
    "Its cookie names a server that is unavailable: the module leaves it to round robin.",
    "nginx-sticky-module-ng: ngx_http_sticky_module.c"};
constexpr Rule refused {"Its cookie names no server that takes requests, and no_fallback is set: "
                        "nginx answers 502.",
                        "nginx-sticky-module-ng: README, no_fallback"};
constexpr Rule elsewhere {"The server does not answer: nginx passes the request to the next one.",
                          "nginx: proxy_next_upstream"};
constexpr Rule badGateway {"No server answers: nginx answers 502.", "nginx: proxy_next_upstream"};

// In the order of ngx_http_sticky_misc.c.
std::string attributesInOrder(const CookieAttributes& is, WallSeconds now)
{
    std::string text;
    if (!is.domain.empty())
        text += "; Domain=" + is.domain;
    if (is.lifetime) {
        std::string date = http::httpDate(now + *is.lifetime);
        date[7] = date[11] = '-';
        text += "; Expires=" + date;
    }
    text += "; Path=" + is.path.value_or("/");
    if (is.secure)
        text += "; Secure";
    if (is.httpOnly)
        text += "; HttpOnly";
    return text;
}

std::string valueOf(const Settings& given, const ReplicaView& replica, std::size_t place)
{
    const std::string_view address = replica.address();
    if (const std::string hmac = given.text("hmac"); !hmac.empty())
        return hmac == "sha1" ? hmacSha1Hex(given.text("hmac-key"), address)
                              : hmacMd5Hex(given.text("hmac-key"), address);
    if (given.has("text"))
        return std::string(address);
    const std::string hash = given.text("hash", "md5");
    return hash == "index" ? std::to_string(place)
        : hash == "sha1"   ? sha1Hex(address)
                           : md5Hex(address);
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    CookieAttributes attributes = attributesOf(spec, "/");
    if (spec.settings.has("expires"))
        attributes.lifetime =
            std::chrono::floor<std::chrono::seconds>(spec.settings.time("expires"));
    const int refusal = spec.settings.flag("no-fallback") ? 502 : 0;
    return makeDescribedCookie(
        {.name = spec.cookie.empty() ? "route" : spec.cookie,
         .valueOf =
             [given = spec.settings](const ReplicaView& replica, std::size_t place) {
                 return valueOf(given, replica, place);
             },
         .attributes = attributes,
         .rules = {.picked = &picked,
                   .valid = &valid,
                   .draining = &valid,
                   .unknown = &unknown,
                   .down = &down,
                   .refused = &refused},
         .read = nginxCookie,
         .unknownStatus = refusal,
         .downStatus = refusal,
         .onOwnErrors = true,
         .write = attributesInOrder},
        replicas);
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (!nginxPassesOn(balancer, attempt))
        return nginxGivesUp(attempt);
    const bool stays = attempt.bound == Bound::yes && balancer.sticky
        && balancer.sticky->settings.flag("no-fallback");
    if (!stays && attempt.replicas > 0 && attempt.number + 1 < attempt.known)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

} // namespace

constexpr Product stickyModuleNg {
    .id = "nginx-sticky-module-ng",
    .title = "nginx with sticky-module-ng",
    .follows = "1.2.6",
    .source = "nginx-sticky-module-ng: ngx_http_sticky_module.c, ngx_http_sticky_misc.c",
    .documentsOnly = "The module follows its source and README; nginx's own part is measured on "
                     "1.22.1. That a lone server gets no cookie is left out.",
    .algorithms = algorithmNames,
    .cookieKeys = CookieKey::name | CookieKey::path | CookieKey::domain | CookieKey::secure
        | CookieKey::httpOnly,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .statusWithoutReplica = 502,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .repeats = nginxRepeats,
    .rejects = nginxRejects,
    .passive = nginxPassive,
    .endsWithClient = 0};

} // namespace stickyscope
