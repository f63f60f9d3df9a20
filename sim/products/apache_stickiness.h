// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <memory>
#include <string>

// The route in a cookie or in the address (mod_proxy_balancer, stickysession).
namespace stickyscope {

/// For a fresh request.
extern const Rule apachePicked;

/// What stands before the route: one character, or nothing.
std::string apacheSeparator(const StickySpec& spec);

/// For a balancer whose `sticky` is there.
std::unique_ptr<StickyPolicy> makeApacheRoute(const BalancerSpec& balancer,
                                              const ReplicaSet& replicas);

} // namespace stickyscope
