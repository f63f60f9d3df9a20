// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "sim/products/sticky_policy.h"

#include <string>
#include <vector>

namespace stickyscope {

/// What ingress-nginx writes behind its cookie's value (rootfs/etc/nginx/lua/balancer/sticky.lua,
/// set_cookie), in the order of lua-resty-cookie. Its path is by default that of the Ingress rule
/// that took the request: of the first of `routes` that fits, or "/".
std::string ingressAttributes(const StickySpec& spec, const std::vector<RouteSpec>& routes,
                              const Placement& placement);

} // namespace stickyscope
