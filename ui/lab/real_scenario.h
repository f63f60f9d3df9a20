// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// What of the model's scenario somebody has chosen otherwise for real sockets.
struct RealChoices
{
    std::vector<LaneSpec> lanes;
    std::optional<std::string> ownServers; ///< their addresses
    std::optional<std::string> product; ///< whose own program balances
};

struct RealScenario
{
    Scenario scenario;
    std::vector<std::string> lost; ///< what the program will not do of the model's, a line each
};

/// The model's scenario for real sockets: it lasts until it is stopped, and nothing happens in it
/// but by hand. One line where the choices do not fit it.
Outcome<RealScenario> forRealSockets(const Scenario& model, const RealChoices& choices);

} // namespace stickyscope
