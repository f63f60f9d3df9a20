// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/envoy_limits.h"

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule tooMany {
    "As many requests are under way as max_requests allows: Envoy answers 503 (overflow).",
    "Envoy: docs, circuit breaking; measured on 1.40.0"};
constexpr Rule waited {"All connections that max_connections allows have a request: it waited for "
                       "one of its server's.",
                       "Envoy: docs, circuit breaking; measured on 1.40.0"};
constexpr Rule waitedInVain {"No connection of its server's was free within the route's timeout: "
                             "Envoy answers 504.",
                             "Envoy: docs, route timeout"};
constexpr Rule tooManyPending {"As many requests wait for a connection as max_pending_requests "
                               "allows: Envoy answers 503 (overflow).",
                               "Envoy: docs, circuit breaking; measured on 1.40.0"};
constexpr Rule tooManyRetries {"The server does not answer, and as many requests are retried as "
                               "max_retries allows: Envoy answers 503 (overflow).",
                               "Envoy: docs, circuit breaking; measured on 1.40.0"};

int whole(const BalancerSpec& balancer, std::string_view key, int otherwise)
{
    return static_cast<int>(balancer.settings.whole(key, otherwise));
}

} // namespace

ServerLimit envoyMostRequests(const BalancerSpec& balancer)
{
    return {.mostRequests = whole(balancer, "max-requests", 1024), .tooMany = &tooMany};
}

ServerLimit envoyLimit(const BalancerSpec& balancer)
{
    ServerLimit limit = envoyMostRequests(balancer);
    limit.connections = whole(balancer, "max-connections", 1024);
    limit.queues = true;
    limit.longestQueues = whole(balancer, "max-pending-requests", 1024);
    limit.patience = 15s; // a route's timeout, if it has none of its own
    limit.statusInVain = 504;
    limit.waitedThere = &waited;
    limit.waitedInVain = &waitedInVain;
    limit.queueFull = &tooManyPending;
    return limit;
}

CircuitBreaking envoyCircuit(const BalancerSpec& balancer)
{
    return {.mostRetries = whole(balancer, "max-retries", 3), .tooManyRetries = {&tooManyRetries}};
}

SlowStart envoySlowStart(Duration window)
{
    return {.window = window, .least = 10, .fromBeginning = true};
}

} // namespace stickyscope
