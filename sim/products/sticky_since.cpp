// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/sticky_since.h"

namespace stickyscope {

// nginx: CHANGES, 1.29.6: the module ngx_http_upstream_sticky_module; userid has always been there.
std::string_view stickySince(const BalancerSpec& balancer)
{
    const bool own = balancer.product == "nginx" && balancer.sticky
        && balancer.sticky->settings.text("method") != "userid";
    return own ? "1.29.6" : "";
}

} // namespace stickyscope
