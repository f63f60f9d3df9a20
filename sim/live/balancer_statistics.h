// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::live {

/// What a balancer's own statistics count since it began.
struct BalancerStatistics
{
    struct Server
    {
        std::string name; ///< as the balancer calls it: a name, or host:port
        std::uint64_t requests = 0;
    };

    std::string source; ///< "HAProxy's statistics"
    std::vector<Server> servers; ///< empty where it does not tell them apart
    std::uint64_t requests = 0; ///< of all
    bool countsItself = false; ///< asking for them is counted as well
};

/// Understands what a statistics address answers: HAProxy's CSV (/stats;csv), Envoy's /clusters as
/// text or JSON, Apache's balancer-manager as XML (?xml=1), nginx's stub_status, and the Prometheus
/// metrics of HAProxy, Traefik, Envoy and Caddy. One line that says which are known, where it is
/// none of them.
Outcome<BalancerStatistics> readStatistics(std::string_view text);

} // namespace stickyscope::live
