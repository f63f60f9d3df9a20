// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/hash_key.h"
#include "sim/products/nginx_stickiness.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 7> algorithmNames {
    {{"round_robin", "nginx-round-robin"},
     {"least_conn", "nginx-least-conn"},
     {"random", "nginx-random"},
     {"random-two", "nginx-random-two"},
     {"ip_hash", "nginx-ip-hash"},
     {"hash", "nginx-hash"},
     {"hash-consistent", "nginx-hash-consistent"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 4> methods {"cookie", "route", "learn", "userid"};
constexpr std::array<Setting, 3> cookieSettings {{
    {"method", Setting::Type::choice,
     "cookie: nginx sets one that names the server; route: the application's cookie holds the "
     "route; learn: nginx remembers the application's; userid: nginx names clients, for hash.",
     "cookie", 0, 0, methods},
    {"expires", Setting::Type::time, "How long the cookie is good, from each answer on.",
     "browser session", 1, longest},
    {"timeout", Setting::Type::time, "How long learn remembers a session that rests.", "10m", 1,
     longest},
}};
constexpr std::array<Setting, 5> settings {{
    hashOn,
    hashName,
    {"max-conns", Setting::Type::whole,
     "How many requests a server has at once; then others take them, or nginx answers 502.",
     "any number", 1, 1'000'000},
    {"max-fails", Setting::Type::whole,
     "How many failed requests mark a server as unavailable; 0: none does.", "1", 0, 1000},
    {"fail-timeout", Setting::Type::time, "Within which time, and for how long it is left out.",
     "10s", 1, 86400},
}};

constexpr Rule elsewhere {"The server does not answer: nginx passes the request to the next one.",
                          "nginx: proxy_next_upstream"};
constexpr Rule badGateway {"No server answers: nginx answers 502.", "nginx 1.22.1, measured"};

OnFailure failed(const BalancerSpec&, const Attempt& attempt)
{
    if (attempt.replicas > 0 && attempt.number + 1 < attempt.known)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

HashKey hashKey(const BalancerSpec& balancer)
{
    return balancer.algorithm == "ip_hash" ? HashKey {} : hashKeyOf(balancer);
}

ServerLimit limit(const BalancerSpec& balancer)
{
    if (!balancer.settings.has("max-conns"))
        return {};
    return {.most = static_cast<int>(balancer.settings.whole("max-conns", 0))};
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    const Duration time = balancer.settings.time("fail-timeout", 10s);
    return {.failures = static_cast<int>(balancer.settings.whole("max-fails", 1)),
            .within = time,
            .out = time,
            .wholeSeconds = true,
            .notTheOnlyOne = true};
}

constexpr Rule headTooLarge {"A field of the head does not fit into one buffer of 8 kB: nginx "
                             "answers 400, Request Header Or Cookie Too Large.",
                             "nginx: large_client_header_buffers; ngx_http_request.c"};

constexpr std::array differences {
    Difference {"parameter-in-any-case",
                "Which parameter is hashed where its name is written in another case.",
                "To nginx the names of parameters are the same in any case; here they are not, as "
                "with other products."},
};

} // namespace

constexpr Product nginx {
    .id = "nginx",
    .title = "nginx",
    .follows = "1.22.1; sticky: 1.31.5",
    .source = "nginx: ngx_http_upstream_*.c, ngx_http_userid_filter_module.c; measured on 1.22.1",
    .documentsOnly =
        "sticky cookie, route and learn (1.29.6 and later) follow the source and the "
        "documentation; measured are the methods of 1.22.1, max_conns, backup servers, and "
        "userid with hash. How long it waits for an answer and how large a head may "
        "be follow the documentation.",
    .differences = differences,
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 1,
    .rise = 1,
    .hasBackups = true,
    .cookieKeys = CookieKey::name | CookieKey::path | CookieKey::domain | CookieKey::secure
        | CookieKey::httpOnly | CookieKey::sameSite,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .statusWithoutReplica = 502,
    .picked = &nginxPicked,
    .sticky = makeNginxCookie,
    .failed = failed,
    .passive = passive,
    .limit = limit,
    .hashKey = hashKey,
    .answerTimeout = std::chrono::seconds(60),
    .retriesTimeouts = true,
    .head = {.octets = 8192, .ofOneField = true, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
