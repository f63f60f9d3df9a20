// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <string>
#include <string_view>

// ingress-nginx's canaries: a second Ingress for the same host, whose pods are marked `canary`.
namespace stickyscope {

/// Namespace, service and port, which go into its hashes; the canary's are another service's.
std::string ingressBackend(const StickySpec& spec, bool canary);
/// How its cookies end behind the mark |: for each of the two services another one.
std::string ingressBackendKey(const StickySpec& spec, bool canary);
/// Of a cookie's value what stands behind the mark.
std::string_view ingressBackendKeyIn(std::string_view value);

/// The annotations canary-*, and which service a session's cookie names
/// (rootfs/etc/nginx/lua/balancer.lua, route_to_alternative_balancer).
CanaryChoice ingressCanary(const BalancerSpec& balancer, const http::RequestHead& request);
/// With affinity-canary-behavior: legacy the canary has no affinity, but `load-balance`
/// (internal/ingress/controller/controller.go, mergeAlternativeBackend).
bool canaryIsSticky(const BalancerSpec& balancer);

} // namespace stickyscope
