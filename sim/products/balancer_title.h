// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

namespace stickyscope {

/// What stands between a lane's clients and its servers: "HAProxy", "Traefik + 2".
std::string balancerTitle(const Scenario& scenario, const LaneSpec& lane);

} // namespace stickyscope
