// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <array>
#include <string_view>

// What HAProxy tries again, where, and what it makes of servers that fail (2.6: stream.c,
// http_ana.c, stream_choose_redispatch(), do_l7_retry(), health_adjust(); measured on 2.6.12).
namespace stickyscope {

inline constexpr std::array<std::string_view, 16> retryOnWords {"none",
                                                                "conn-failure",
                                                                "empty-response",
                                                                "junk-response",
                                                                "response-timeout",
                                                                "all-retryable-errors",
                                                                "401",
                                                                "403",
                                                                "404",
                                                                "408",
                                                                "425",
                                                                "500",
                                                                "501",
                                                                "502",
                                                                "503",
                                                                "504"};
inline constexpr Setting haproxyRetryOn {
    "retry-on",
    Setting::Type::words,
    "What is tried again, as often as retries says and whatever the method: no connection "
    "(conn-failure), one that broke before the answer (empty-response), an answer that is no HTTP "
    "(junk-response) or does not come (response-timeout), answers by their status.",
    "conn-failure",
    0,
    0,
    retryOnWords};

/// timeout connect.
Duration haproxyTimeoutConnect(const BalancerSpec& balancer);
/// For Product::failed, rejects, repeats and passive.
OnFailure haproxyFailed(const BalancerSpec& balancer, const Attempt& attempt);
bool haproxyRejects(const BalancerSpec& balancer, int status);
bool haproxyRepeats(const BalancerSpec& balancer, std::string_view method);
PassiveCheck haproxyObserves(const BalancerSpec& balancer);

} // namespace stickyscope
