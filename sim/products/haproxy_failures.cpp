// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_failures.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule retried {"The server does not answer: HAProxy tries the same one again.",
                        "HAProxy: configuration.txt, retries"};
constexpr Rule redispatched {
    "The server does not answer: with option redispatch this retry goes to another.",
    "HAProxy: configuration.txt, option redispatch; measured on 2.6.12"};
constexpr Rule unavailable {"The server did not answer any retry: HAProxy answers 503.",
                            "HAProxy 2.6.12, measured"};
constexpr Rule badGateway {
    "The server closed the connection before its answer: HAProxy answers 502.",
    "HAProxy: configuration.txt 8.5, flags SH"};
constexpr Rule tooLate {"The server did not answer within timeout server: HAProxy answers 504.",
                        "HAProxy: configuration.txt 8.5, flags sH"};

bool retriesOn(const BalancerSpec& balancer, std::string_view word)
{
    const std::string words = balancer.settings.text("retry-on", std::string(haproxyRetryOn.usual));
    if (hasWord(words, "none"))
        return false;
    static constexpr std::string_view all =
        "conn-failure empty-response junk-response response-timeout 500 502 503 504";
    return hasWord(words, word) || (hasWord(words, "all-retryable-errors") && hasWord(all, word));
}

bool isTriedAgain(const BalancerSpec& balancer, const Attempt& attempt)
{
    switch (attempt.fault) {
    case Fault::refused:
        return retriesOn(balancer, "conn-failure");
    case Fault::reset:
        return retriesOn(balancer, "empty-response");
    case Fault::malformed:
        return retriesOn(balancer, "junk-response");
    case Fault::timedOut:
        return retriesOn(balancer, "response-timeout");
    case Fault::answered:
        return retriesOn(balancer, std::to_string(attempt.status));
    }
    return false;
}

// BE_LB_KIND_RR: then it does not matter which server a request gets that no cookie leads.
bool takesTurns(const BalancerSpec& balancer)
{
    const std::string& algorithm = balancer.algorithm;
    return algorithm.empty() || algorithm == "roundrobin" || algorithm == "static-rr"
        || algorithm == "random";
}

bool redispatches(const BalancerSpec& balancer, const Attempt& attempt, std::int64_t retries)
{
    if (!balancer.settings.flag("redispatch") || attempt.insists)
        return false;
    const std::int64_t interval = balancer.settings.whole("redispatch-interval", -1);
    const std::int64_t every = interval < 0 ? retries + 1 + interval : interval;
    const std::int64_t retry = attempt.number + 1;
    if (every > 0 && retry % every == 0)
        return true;
    return attempt.bound == Bound::no && attempt.replicas > 1 && takesTurns(balancer);
}

OnFailure givesUp(const Attempt& attempt)
{
    switch (attempt.fault) {
    case Fault::reset:
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
    case Fault::timedOut:
        return {.action = OnFailure::Action::giveUp, .status = 504, .rule = &tooLate};
    default:
        return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
    }
}

} // namespace

Duration haproxyTimeoutConnect(const BalancerSpec& balancer)
{
    return balancer.settings.time("timeout-connect", 1s);
}

// After a connection that failed it waits, where it does not go elsewhere in turn at once.
OnFailure haproxyFailed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const auto retries = balancer.settings.whole("retries", 3);
    if (attempt.number >= retries || !isTriedAgain(balancer, attempt))
        return givesUp(attempt);
    const bool elsewhere = redispatches(balancer, attempt, retries);
    const bool waits = attempt.fault == Fault::refused
        && !(elsewhere && takesTurns(balancer) && attempt.replicas > 1);
    return {.action = elsewhere ? OnFailure::Action::another : OnFailure::Action::sameAgain,
            .wait = waits ? std::min<Duration>(haproxyTimeoutConnect(balancer), 1s) : 0s,
            .rule = elsewhere ? &redispatched : &retried};
}

bool haproxyRejects(const BalancerSpec& balancer, int status)
{
    // `retry-on` takes no status below this one.
    constexpr int lowest = 401;
    return status >= lowest && retriesOn(balancer, std::to_string(status));
}

bool haproxyRepeats(const BalancerSpec&, std::string_view)
{
    return true;
}

PassiveCheck haproxyObserves(const BalancerSpec& balancer)
{
    const std::string layer = balancer.settings.text("observe", "none");
    if (!balancer.healthCheck || layer == "none")
        return {};
    PassiveCheck rule {
        .failures = static_cast<int>(balancer.settings.whole("error-limit", 10)),
        .untilGood = true,
        .afresh = true,
        .refusedAlone = layer == "layer4",
    };
    // 501 and 505 are the client's doing.
    for (int status = 500; layer == "layer7" && status < 600; ++status) {
        if (status != 501 && status != 505)
            rule.badStatuses.push_back(status);
    }
    return rule;
}

} // namespace stickyscope
