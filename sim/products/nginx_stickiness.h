// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <memory>

// nginx's ways of being sticky: its own cookie, the application's, and numbers of clients.
namespace stickyscope {

/// For a fresh request.
extern const Rule nginxPicked;

/// For a balancer whose `sticky` is there; its setting `method` says which way
/// (ngx_http_upstream_sticky_module.c, ngx_http_userid_filter_module.c).
std::unique_ptr<StickyPolicy> makeNginxCookie(const BalancerSpec& balancer,
                                              const ReplicaSet& replicas);
/// `sticky learn`, which remembers where the application's sessions are.
std::unique_ptr<StickyPolicy> makeNginxLearn(const StickySpec& spec);
/// The cookie of `userid on`, which names clients, for `hash $uid_got$uid_set`.
std::unique_ptr<StickyPolicy> makeNginxUserId(const StickySpec& spec);

} // namespace stickyscope
