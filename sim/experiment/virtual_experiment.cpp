// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/experiment.h"
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

Experiment makeVirtualExperiment(const std::shared_ptr<const Scenario>& scenario,
                                 const ExperimentOptions& options,
                                 const std::vector<http::CookieJar>& jars)
{
    std::vector<std::unique_ptr<World>> worlds;
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane)
        worlds.push_back(
            std::make_unique<VirtualWorld>(scenario, static_cast<LaneIndex>(lane), jars));
    return {scenario, std::move(worlds), "virtual", options};
}

} // namespace stickyscope
