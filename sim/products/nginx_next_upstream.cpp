// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/nginx_next_upstream.h"

#include "sim/http/head.h"

#include <chrono>
#include <string>

namespace stickyscope {

namespace {

constexpr Rule notPassedOn {
    "The server does not answer, and proxy_next_upstream does not say that such a request is "
    "passed on: nginx answers itself.",
    "nginx: ngx_http_proxy_module, proxy_next_upstream; measured on 1.22.1"};

bool has(const BalancerSpec& balancer, std::string_view word)
{
    const std::string words =
        balancer.settings.text("proxy-next-upstream", std::string(proxyNextUpstream.usual));
    return !hasWord(words, "off") && hasWord(words, word);
}

} // namespace

bool nginxPassesOn(const BalancerSpec& balancer, const Attempt& attempt)
{
    switch (attempt.fault) {
    case Fault::refused:
    case Fault::reset:
        return has(balancer, "error");
    case Fault::timedOut:
        return has(balancer, "timeout");
    case Fault::malformed:
        return has(balancer, "invalid_header");
    case Fault::answered:
        return nginxRejects(balancer, attempt.status);
    }
    return false;
}

OnFailure nginxGivesUp(const Attempt& attempt)
{
    return {.action = OnFailure::Action::giveUp,
            .status = attempt.fault == Fault::timedOut ? 504 : 502,
            .rule = &notPassedOn};
}

bool nginxRejects(const BalancerSpec& balancer, int status)
{
    return balancer.settings.has("proxy-next-upstream")
        && has(balancer, "http_" + std::to_string(status));
}

bool nginxRepeats(const BalancerSpec& balancer, std::string_view method)
{
    return http::isIdempotent(method) || has(balancer, "non_idempotent");
}

PassiveCheck nginxPassive(const BalancerSpec& balancer)
{
    const Duration time = balancer.settings.time("fail-timeout", std::chrono::seconds(10));
    return {.failures = static_cast<int>(balancer.settings.whole("max-fails", 1)),
            .counted = CountedFailures::untilChecked,
            .within = time,
            .out = time,
            .forgivenStatuses = {403, 404},
            .notTheOnlyOne = true};
}

} // namespace stickyscope
