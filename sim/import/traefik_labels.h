// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/import/compose_file.h"
#include "sim/model/scenario.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// What the labels of one container say of one service of Traefik's.
struct TraefikService
{
    BalancerSpec balancer {.sticky = std::nullopt};
    int weight = 1; ///< of each container
    bool stickyWithoutCookie = false; ///< `sticky` is set, and does nothing without `sticky.cookie`
    std::vector<std::string> leftOut {}; ///< labels that say nothing of a scenario
};

/// All labels of one container.
struct TraefikLabels
{
    bool enabled = true;
    std::map<std::string, TraefikService> services; ///< by name
    std::vector<std::string> middlewares; ///< that its routers name
    std::map<std::string, Settings> retries; ///< of Traefik's row, by the middleware's name
    bool routed = false; ///< a router leads to a service of this container
    std::vector<std::string> errors; ///< one line for each label that Traefik does not take
};

/// Reads labels as Traefik 3 does (reference/routing-configuration/other-providers/docker).
TraefikLabels readTraefikLabels(const ComposeService& service);

} // namespace stickyscope
