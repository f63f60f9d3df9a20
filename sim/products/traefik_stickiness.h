// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <memory>

// Traefik's sticky cookie.
namespace stickyscope {

/// For a fresh request.
extern const Rule traefikPicked;

/// For a balancer whose `sticky` is there. Its strategy hrw ignores that.
std::unique_ptr<StickyPolicy> makeTraefikCookie(const BalancerSpec& balancer,
                                                const ReplicaSet& replicas);

} // namespace stickyscope
