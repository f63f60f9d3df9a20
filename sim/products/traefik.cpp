// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/product.h"
#include "sim/products/traefik_stickiness.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 4> algorithmNames {{{"wrr", "traefik-wrr"},
                                                           {"p2c", "traefik-p2c"},
                                                           {"hrw", "traefik-hrw"},
                                                           {"leasttime", "traefik-leasttime"}}};

constexpr double longest = 10.0 * 365 * 86400;

constexpr std::array<Setting, 2> cookieSettings {{
    {"expires", Setting::Type::time,
     "Of its provider for ingress-nginx: how long after Traefik has read its configuration all "
     "cookies expire, as a date. Later ones are born expired, until it reads it again.",
     "none", 1, longest},
    {"max-age-negative", Setting::Type::flag,
     "maxAge below 0: the cookie is written with Max-Age=0, and clients drop it at once."},
}};
constexpr std::array<Setting, 8> settings {{
    {"attempts", Setting::Type::whole, "How often its retry middleware sends a request in all.",
     "1", 1, 100},
    {"initial-interval", Setting::Type::time,
     "initialInterval: how long retry waits before the second time, and longer from time to time, "
     "up to twice as long.",
     "0s", 0, 3600},
    {"failure-window", Setting::Type::time,
     "passiveHealthCheck.failureWindow: within which time failures count, and for how long the "
     "server is left out; unsaid, 10 s where max-failed-attempts is set.",
     "it depends", 1, 86400},
    {"max-failed-attempts", Setting::Type::whole,
     "passiveHealthCheck.maxFailedAttempts: how many failures leave a server out; unsaid, 1 where "
     "failure-window is set.",
     "it depends", 1, 1000},
    {"circuit-breaker", Setting::Type::number,
     "Above which NetworkErrorRatio() its circuit breaker opens.", "never", 0, 0.99},
    {"fallback-duration", Setting::Type::time, "For how long it is open.", "10s", 0.001, 86400},
    {"recovery-duration", Setting::Type::time,
     "In which time it then lets more and more requests through.", "10s", 0.001, 86400},
    {"in-flight-req", Setting::Type::whole,
     "inFlightReq.amount: how many requests may be under way at once, of one host; with one more, "
     "Traefik answers 429.",
     "any number", 1, 1'000'000},
}};

constexpr Rule retried {"The server does not answer: Traefik's retry asks the balancer once more, "
                        "with the same cookie.",
                        "Traefik 3: middlewares/retry; traefik#7886"};
constexpr Rule badGateway {
    "The server does not answer, and the health check has not noticed yet: Traefik answers 502.",
    "Traefik 3.7.15, measured"};

// From the initial interval to twice that; its jitter's mean (middlewares/retry/retry.go).
Duration pause(const Settings& given, int number)
{
    const auto attempts = static_cast<double>(given.whole("attempts", 1));
    const double times = std::pow(2, number / std::max(attempts - 1, 1.0));
    const auto first = static_cast<double>(given.time("initial-interval").count());
    return Duration(std::llround(first * times));
}

// Measured on 3.7.15: what a server has got is not sent again, whatever its method.
OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (attempt.fault == Fault::refused
        && attempt.number + 1 < balancer.settings.whole("attempts", 1))
        return {.action = OnFailure::Action::anew,
                .wait = pause(balancer.settings, attempt.number),
                .rule = &retried};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

// Without either setting there is no passiveHealthCheck.
PassiveCheck passive(const BalancerSpec& balancer)
{
    const Settings& given = balancer.settings;
    if (!given.has("failure-window") && !given.has("max-failed-attempts"))
        return {};
    const Duration window = given.time("failure-window", 10s);
    const int most = static_cast<int>(given.whole("max-failed-attempts", 1));
    return {.failures = most,
            .counted = CountedFailures::inARowOfLate,
            .within = window,
            .out = window,
            .untilGood = balancer.healthCheck.has_value(),
            .errors = most,
            .partAnswer = PartAnswer::nothing};
}

// Middlewares in front of the service, inFlightReq first.
CircuitBreaking circuit(const BalancerSpec& balancer)
{
    static constexpr Rule open {"Too many network errors: Traefik's circuit breaker is open.",
                                "Traefik: pkg/middlewares/circuitbreaker; measured on 3.7.15"};
    static constexpr Rule tooMany {
        "As many requests are under way as inFlightReq allows: Traefik answers 429.",
        "Traefik: docs, inFlightReq; measured on 3.7.15"};
    const Settings& given = balancer.settings;
    return {.mostRequests = static_cast<int>(given.whole("in-flight-req", 0)),
            .errorRatio = given.number("circuit-breaker", 1),
            .staysOpen = given.time("fallback-duration", 10s),
            .recovers = given.time("recovery-duration", 10s),
            .tooMany = {&tooMany, 429},
            .open = {&open}};
}

// wrr looks on for a server that is up and not fenced: 503 only where none is up, or all are
// fenced.
const Rule* picksForever(const BalancerSpec& balancer, const ReplicaSet& servers)
{
    static constexpr Rule never {
        "The servers that are up are draining, and another one is down: Traefik's pick never ends, "
        "and whoever comes after it waits for it.",
        "Traefik 3: loadbalancer/wrr, nextServer"};
    if (!balancer.algorithm.empty() && balancer.algorithm != "wrr")
        return nullptr;
    bool drains = false;
    bool other = false;
    for (const ReplicaView& server : servers) {
        if (server.weight == 0)
            continue;
        if (server.isServer())
            return nullptr;
        drains = drains || server.up;
        other = other || !server.draining;
    }
    return drains && other ? &never : nullptr;
}

constexpr std::array differences {
    Difference {"order-of-servers",
                "Which server comes first where several may, and that turns begin anew when the "
                "configuration changes.",
                "Traefik shuffles its servers each time it reads its configuration."},
    Difference {"held-back", "What a client sees of an answer that breaks off.",
                "Less than 2,048 octets of an answer of known length Traefik keeps back for 100 "
                "ms; where it breaks off meanwhile its client gets nothing."},
    Difference {"measured-times", "Whom leasttime chooses.",
                "Traefik measures how long the answers of its servers take; those of the model "
                "take what the scenario says."},
};

} // namespace

constexpr Product traefik {
    .id = "traefik",
    .title = "Traefik",
    .follows = "3.7.15",
    .source = "Traefik 3: pkg/server/service/loadbalancer; measured on 3.7.15",
    .documentsOnly = "expires, a negative maxAge, draining, and the pick that never ends follow "
                     "pkg/server/service/loadbalancer, the retries' pauses pkg/middlewares/retry.",
    .differences = differences,
    .algorithms = algorithmNames,
    .anyCookieText = true,
    .cookieKeys = allCookieKeys,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &traefikPicked,
    .sticky = makeTraefikCookie,
    .failed = failed,
    .passive = passive,
    .circuit = circuit,
    .picksForever = picksForever,
    .endsWithClient = 499,
    .malformed = 500,
    .halfHead = Fault::malformed};

} // namespace stickyscope
