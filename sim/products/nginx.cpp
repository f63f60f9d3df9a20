// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/algorithm_settings.h"
#include "sim/products/hash_key.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/nginx_next_upstream.h"
#include "sim/products/nginx_stickiness.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 9> algorithmNames {
    {{"round_robin", "nginx-round-robin"},
     {"least_conn", "nginx-least-conn"},
     {"least_time-header", "nginx-least-time"},
     {"least_time-last_byte", "nginx-least-time"},
     {"random", "nginx-random"},
     {"random-two", "nginx-random-two"},
     {"ip_hash", "nginx-ip-hash"},
     {"hash", "nginx-hash"},
     {"hash-consistent", "nginx-hash-consistent"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 4> methods {"cookie", "route", "learn", "userid"};
constexpr std::array<Setting, 8> cookieSettings {{
    {"method", Setting::Type::choice,
     "cookie: nginx sets one that names the server; route: the application's cookie holds the "
     "route (a server's `route`, or its name), alone or behind a dot in it; learn: nginx "
     "remembers the application's; userid: nginx names clients, for hash.",
     "cookie", 0, 0, methods},
    {"expires", Setting::Type::time, "How long the cookie is good, from each answer on.",
     "browser session", 1, longest},
    {"expires-max", Setting::Type::flag,
     "expires=max in place of that: until 23:55:55 on 31 December 2037."},
    {"route-parameter", Setting::Type::text,
     "The parameter of the address in which route looks where the cookie says nothing (sticky "
     "route $cookie_NAME $arg_PARAMETER).",
     "none"},
    {"timeout", Setting::Type::time, "How long learn remembers a session that rests.", "10m", 1,
     longest},
    {"learn-header", Setting::Type::text,
     "The header that names the session in answers and requests, for learn "
     "(create=$upstream_http_NAME lookup=$http_NAME); without it, the cookie does.",
     "none"},
    {"header", Setting::Type::flag,
     "learn learns from an answer's head; without it, where the answer has ended: of a WebSocket, "
     "when it is closed."},
    {"zone-size", Setting::Type::whole,
     "How many kilobytes learn has (zone=NAME:1024k): 4032 sessions; of those beyond, the one that "
     "was not used for longest is forgotten.",
     "1024", 32, 1'048'576},
}};
constexpr std::array<Setting, 7> settings {{
    hashOn,
    hashName,
    {"max-conns", Setting::Type::whole,
     "How many requests a server has at once; then others take them, or nginx answers 502.",
     "any number", 1, 1'000'000},
    {"max-fails", Setting::Type::whole,
     "How many failed requests mark a server as unavailable; 0: none does.", "1", 0, 1000},
    {"fail-timeout", Setting::Type::time, "Within which time, and for how long it is left out.",
     "10s", 1, 86400},
    proxyNextUpstream,
    algorithm_settings::inflight,
}};

constexpr Rule elsewhere {"The server does not answer: nginx passes the request to the next one.",
                          "nginx: proxy_next_upstream"};
constexpr Rule badGateway {"No server answers: nginx answers 502.", "nginx 1.22.1, measured"};

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (!nginxPassesOn(balancer, attempt))
        return nginxGivesUp(attempt);
    if (attempt.replicas > 0 && attempt.number + 1 < attempt.known)
        return {.action = OnFailure::Action::another, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

HashKey hashKey(const BalancerSpec& balancer)
{
    if (balancer.algorithm == "ip_hash")
        return {};
    HashKey key = hashKeyOf(balancer);
    if (key.of == HashKey::Of::query)
        key.read = nginxParameter;
    if (key.of == HashKey::Of::cookie)
        key.read = nginxCookie;
    return key;
}

ServerLimit limit(const BalancerSpec& balancer)
{
    if (!balancer.settings.has("max-conns"))
        return {};
    return {.most = static_cast<int>(balancer.settings.whole("max-conns", 0))};
}

// CHANGES, 1.29.6: the module ngx_http_upstream_sticky_module; userid has always been there.
std::string_view stickySince(const BalancerSpec& balancer)
{
    return balancer.sticky->settings.text("method") == "userid" ? "" : "1.29.6";
}

// It would be set, and nothing would look at it.
std::string refuses(const BalancerSpec& balancer)
{
    if (!balancer.sticky || balancer.sticky->settings.text("method") != "userid")
        return {};
    if (!balancer.algorithm.starts_with("hash"))
        return "hashes the number of sticky.method userid with the algorithms hash and "
               "hash-consistent alone";
    return balancer.settings.has("hash-on")
        ? "cannot hash the number of sticky.method userid and what hash-on names"
        : "";
}

constexpr Rule headTooLarge {"A field of the head does not fit into one buffer of 8 kB: nginx "
                             "answers 400, Request Header Or Cookie Too Large.",
                             "nginx: large_client_header_buffers; ngx_http_request.c"};

} // namespace

constexpr Product nginx {
    .id = "nginx",
    .title = "nginx",
    .follows = "1.22.1; sticky: 1.31.5",
    .source = "nginx: ngx_http_upstream_*.c, ngx_http_userid_filter_module.c; measured on 1.22.1",
    .documentsOnly =
        "sticky cookie, route and learn (1.29.6 and later) and least_time (1.31) follow the source "
        "and the documentation, but an answer's head comes with its last byte here; measured are "
        "the methods of 1.22.1, max_conns, backup servers, proxy_next_upstream, and userid with "
        "hash. nginx has no weight 0: here, as in what is exported, such a server is down. How "
        "long "
        "it waits for an answer and how large a head may be follow the documentation.",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 1,
    .rise = 1,
    .hasBackups = true,
    .longestRoute = 32,
    .cookieKeys = CookieKey::name | CookieKey::path | CookieKey::domain | CookieKey::secure
        | CookieKey::httpOnly | CookieKey::sameSite,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .statusWithoutReplica = 502,
    .picked = &nginxPicked,
    .sticky = makeNginxCookie,
    .failed = failed,
    .repeats = nginxRepeats,
    .rejects = nginxRejects,
    .passive = nginxPassive,
    .limit = limit,
    .hashKey = hashKey,
    .stickySince = stickySince,
    .refuses = refuses,
    .answerTimeout = std::chrono::seconds(60),
    .retriesTimeouts = true,
    .endsWithClient = 0,
    .head = {.octets = 8192, .ofOneField = true, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
