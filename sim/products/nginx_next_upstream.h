// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <array>
#include <string_view>

// proxy_next_upstream of nginx, and of all that is built on it: what is passed on to another server
// (ngx_http_upstream.c, ngx_http_upstream_test_next() and ngx_http_upstream_next()).
namespace stickyscope {

inline constexpr std::array<std::string_view, 12> nextUpstreamWords {
    "error",    "timeout",  "invalid_header", "http_403", "http_404",       "http_429",
    "http_500", "http_502", "http_503",       "http_504", "non_idempotent", "off"};
inline constexpr Setting proxyNextUpstream {
    "proxy-next-upstream",
    Setting::Type::words,
    "What is passed to another server: error (no connection, or one that broke), timeout, an "
    "answer that is no HTTP (invalid_header), answers by their status, also what is not idempotent "
    "once a server has got it; off: nothing is.",
    "error timeout",
    0,
    0,
    nextUpstreamWords};

/// Whether a request that was let down so is passed to another server.
bool nginxPassesOn(const BalancerSpec& balancer, const Attempt& attempt);
/// What nginx answers where it is not.
OnFailure nginxGivesUp(const Attempt& attempt);
/// For Product::rejects and Product::repeats.
bool nginxRejects(const BalancerSpec& balancer, int status);
bool nginxRepeats(const BalancerSpec& balancer, std::string_view method);
/// For Product::passive: max_fails and fail_timeout. Answers of 403 and 404 are never failures of
/// their servers (ngx_http_upstream_next: NGX_PEER_NEXT).
PassiveCheck nginxPassive(const BalancerSpec& balancer);

} // namespace stickyscope
