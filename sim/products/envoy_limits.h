// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

// Circuit breaking and slow start of products that run Envoy.
namespace stickyscope {

/// The setting max-requests (1024), beyond which Envoy answers 503.
ServerLimit envoyMostRequests(const BalancerSpec& balancer);
/// And with it max-connections and max-pending-requests (1024 each).
ServerLimit envoyLimit(const BalancerSpec& balancer);
/// The setting max-retries (3).
CircuitBreaking envoyCircuit(const BalancerSpec& balancer);
/// A slow start of so long: a tenth of the weight at once (min_weight_percent), all of it in equal
/// steps (aggression 1), for all servers when Envoy begins, and not for one that outlier detection
/// had ejected. Measured on 1.40.0.
SlowStart envoySlowStart(Duration window);

} // namespace stickyscope
