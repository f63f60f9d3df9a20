// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/algorithm_settings.h"
#include "sim/products/envoy_limits.h"
#include "sim/products/envoy_stickiness.h"
#include "sim/products/hash_key.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 5> algorithmNames {
    {{"round_robin", "envoy-round-robin", WhenFull::waitsThere},
     {"least_request", "envoy-least-request", WhenFull::waitsThere},
     {"random", "random", WhenFull::waitsThere},
     {"ring_hash", "envoy-ring-hash", WhenFull::waitsThere},
     {"maglev", "envoy-maglev", WhenFull::waitsThere}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 3> overrideStates {"healthy", "unhealthy", "draining"};
constexpr std::array<Setting, 6> cookieSettings {{
    {"hash-policy", Setting::Type::flag,
     "The cookie is hashed by ring_hash or maglev; without it, it names a server itself "
     "(stateful_session)."},
    {"ttl", Setting::Type::time,
     "How long the cookie is good; 0s: as long as the browser runs. A hash policy without it never "
     "sets one.",
     "none", 0, longest},
    {"strict", Setting::Type::flag, "503 where the server that the cookie names is not there."},
    {"status-on-strict-destination-not-found", Setting::Type::whole,
     "The answer in the place of that 503 where Envoy does not know the server at all.", "503", 400,
     599},
    {"override-host-status", Setting::Type::words,
     "In which states of its server a bound request still goes there; healthy is UNKNOWN, HEALTHY "
     "and DEGRADED.",
     "healthy", 0, 0, overrideStates},
    {"keep-draining", Setting::Type::flag,
     "override-host-status has draining as well: bound requests go to draining servers."},
}};
constexpr std::array<std::string_view, 5> retryConditions {"none", "connect-failure", "reset",
                                                           "5xx", "gateway-error"};
constexpr std::array<Setting, 20> settings {{
    hashOn,
    hashName,
    {"retry-on", Setting::Type::words,
     "What is tried elsewhere, with the predicate previous_hosts: no connection (connect-failure), "
     "also one that broke (reset), also answers of 500 and above (5xx) or 502, 503 and 504 "
     "(gateway-error).",
     "none", 0, 0, retryConditions},
    {"num-retries", Setting::Type::whole, "How often, where it is.", "1", 1, 100},
    algorithm_settings::choiceCount,
    algorithm_settings::activeRequestBias,
    algorithm_settings::fullScan,
    algorithm_settings::minimumRingSize,
    algorithm_settings::maximumRingSize,
    {"hash-balance-factor", Setting::Type::whole,
     "No server that ring_hash or maglev chooses has more than so many hundredths of its share of "
     "the requests in flight.",
     "none", 100, 65535},
    {"consecutive-gateway-failure", Setting::Type::whole,
     "How many failures in a row eject a server (outlier detection, enforced).", "none", 1, 1000},
    {"consecutive-5xx", Setting::Type::whole,
     "How many failures or answers of 500 and above in a row eject a server.", "none", 1, 1000},
    {"max-ejection-percent", Setting::Type::whole,
     "No more servers than these hundredths are ejected at once; with 10, of fewer than ten, none.",
     "10", 0, 100},
    {"base-ejection-time", Setting::Type::time,
     "For how long; twice as long the second time, and so on, up to 300 s, and then until the "
     "next of the looks that Envoy takes every 10 s.",
     "30s", 1, 86400},
    {"healthy-panic-threshold", Setting::Type::number,
     "Where fewer servers than these hundredths are healthy, all are asked, healthy or not; 0: "
     "never.",
     "50", 0, 100},
    {"max-requests", Setting::Type::whole,
     "Circuit breaking: how many requests may be under way at once.", "1024", 1, 1'000'000},
    {"max-connections", Setting::Type::whole,
     "How many connections to all servers together; where all have a request, further ones wait.",
     "1024", 1, 1'000'000},
    {"max-pending-requests", Setting::Type::whole,
     "How many may wait; with one more, Envoy answers 503.", "1024", 1, 1'000'000},
    {"max-retries", Setting::Type::whole,
     "How many requests may be retried at once; with one more, Envoy answers 503.", "3", 1,
     1'000'000},
    {"slow-start-window", Setting::Type::time,
     "How long a server that joins or comes up again takes less than its share.", "none", 1, 3600},
}};

constexpr Rule retried {"The server does not answer: Envoy's retry goes to another.",
                        "Envoy: docs, retry_on connect-failure"};
constexpr Rule unavailable {"The server does not answer: Envoy answers 503.",
                            "Envoy 1.40.0, measured"};

// Half of the base interval, 25 ms: what its jitter comes to on average.
constexpr Duration backOff = 12'500us;

// Measured on 1.40: the cookie is not even made.
constexpr Rule notHashed {"The algorithm hashes nothing: Envoy does not look at the hash policy, "
                          "nor at its cookie.",
                          "Envoy: docs, hash_policy; measured on 1.40.0"};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    const Settings& given = spec.settings;
    const bool hashes = balancer.algorithm == "ring_hash" || balancer.algorithm == "maglev";
    if (given.flag("hash-policy") && !hashes)
        return makeNoStickiness(notHashed);
    const EnvoyCookie cookie {.name = spec.cookie.empty() ? "sticky" : spec.cookie,
                              .path = spec.path,
                              .ttl = given.has("ttl") ? std::optional(given.time("ttl"))
                                                      : std::nullopt};
    if (given.flag("hash-policy"))
        return makeEnvoyHashPolicy(cookie);
    return makeEnvoyStatefulSession(cookie, envoyOverrides(given), replicas);
}

bool retriesOn(const BalancerSpec& balancer, std::string_view word)
{
    return hasWord(balancer.settings.text("retry-on"), word);
}

bool rejects(const BalancerSpec& balancer, int status)
{
    return (status >= 500 && retriesOn(balancer, "5xx"))
        || (status >= 502 && status <= 504 && retriesOn(balancer, "gateway-error"));
}

// A reset counts as an answer of 503 (retry_state_impl.cc, wouldRetryFromReset).
bool isTriedAgain(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (attempt.fault == Fault::answered)
        return rejects(balancer, attempt.status);
    if (attempt.fault == Fault::refused && retriesOn(balancer, "connect-failure"))
        return true;
    return attempt.fault != Fault::timedOut
        && (retriesOn(balancer, "reset") || rejects(balancer, 503));
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (isTriedAgain(balancer, attempt)
        && attempt.number < balancer.settings.whole("num-retries", 1))
        return {.action = OnFailure::Action::another, .wait = backOff, .rule = &retried};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

// By its source: it keeps all of a request until it is over.
bool repeats(const BalancerSpec&, std::string_view)
{
    return true;
}

// By outlier_detection_impl.cc, with its intervals as they are unsaid.
PassiveCheck passive(const BalancerSpec& balancer)
{
    const Duration out = balancer.settings.time("base-ejection-time", 30s);
    return {.failures = static_cast<int>(balancer.settings.whole("consecutive-gateway-failure", 0)),
            .out = out,
            .orGood = balancer.healthCheck.has_value(),
            .sweep = 10s,
            .longest = std::max<Duration>(out, 300s),
            .afresh = true,
            .largestShare = static_cast<int>(balancer.settings.whole("max-ejection-percent", 10)),
            .errors = static_cast<int>(balancer.settings.whole("consecutive-5xx", 0)),
            .badStatuses = balancer.settings.has("consecutive-gateway-failure")
                ? std::vector {502, 503, 504}
                : std::vector<int> {},
            .partAnswer = PartAnswer::failsToo};
}

SlowStart slowStart(const BalancerSpec& balancer)
{
    return envoySlowStart(balancer.settings.time("slow-start-window"));
}

constexpr Rule panics {"Too few of the servers are healthy: Envoy asks all of them (panic mode).",
                       "Envoy: docs, panic threshold; measured on 1.40.0"};

FailOpen failOpen(const BalancerSpec& balancer)
{
    return {.below = balancer.settings.number("healthy-panic-threshold", 50),
            .whileShort = true,
            .draining = true,
            .rule = &panics};
}

constexpr Rule headTooLarge {"The head is larger than 60 KiB: Envoy answers 431.",
                             "Envoy: HttpConnectionManager.max_request_headers_kb"};

constexpr std::array differences {
    Difference {"first-turn", "With which server round robin begins.",
                "Envoy draws it each time its servers change; the order that follows is the same."},
};

} // namespace

constexpr Product envoy {
    .id = "envoy",
    .title = "Envoy",
    .follows = "1.40.0",
    .source = "Envoy's documentation and source; measured on 1.40.0",
    .documentsOnly =
        "Envoy has no weight 0: here, as in what is exported, it is health_status DRAINING. "
        "hash_balance_factor, maximum_ring_size, override host statuses without healthy, "
        "priorities (a backup is of the next one) and localities, which take all requests or "
        "none, follow the documentation, as do how long it waits for an answer and how large a "
        "head may be.",
    .differences = differences,
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .fall = 1,
    .rise = 1,
    .hasBackups = true,
    .hasZones = true,
    .cookieKeys = CookieKey::name | CookieKey::path,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &envoyPicked,
    .sticky = makeCookie,
    .failed = failed,
    .repeats = repeats,
    .rejects = rejects,
    .passive = passive,
    .circuit = envoyCircuit,
    .limit = envoyLimit,
    .failOpen = failOpen,
    .hashKey = hashKeyOf,
    .slowStart = slowStart,
    .reloadKeepsPicks = always,
    .answerTimeout = std::chrono::seconds(15),
    .endsWithClient = 0,
    .halfHead = Fault::malformed,
    .head = {.octets = 61440, .ofOneField = false, .status = 431, .rule = &headTooLarge}};

} // namespace stickyscope
