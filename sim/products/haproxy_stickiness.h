// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <memory>

// HAProxy's sticky cookie: inserted, rewritten or prefixed.
namespace stickyscope {

/// For a fresh request.
extern const Rule haproxyPicked;

/// For a balancer whose `sticky` is there (configuration.txt, `cookie`).
std::unique_ptr<StickyPolicy> makeHaproxyCookie(const BalancerSpec& balancer,
                                                const ReplicaSet& replicas);

} // namespace stickyscope
