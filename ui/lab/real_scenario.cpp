// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/real_scenario.h"

#include "sim/export/export_scenario.h"
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/lab/own_servers.h"
#include "sim/products/product.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

void lastUntilStopped(Scenario& scenario)
{
    scenario.timeline.clear();
    scenario.duration = std::chrono::hours(24);
}

// What a lane changes is laid over what was chosen here.
Outcome<Scenario> withLanesLaidAnew(const Scenario& scenario)
{
    const bool differs = std::any_of(scenario.lanes.begin(), scenario.lanes.end(),
                                     [](const LaneSpec& lane) { return !lane.with.empty(); });
    if (!differs)
        return scenario;
    auto read = readScenario(writeScenario(scenario), "");
    if (!read)
        return Outcome<Scenario>::failure("what differs between the settings does not fit: "
                                          + read.error().substr(read.error().find(' ') + 1));
    for (LaneSpec& lane : read->lanes) {
        if (!lane.own)
            continue;
        Scenario own = *lane.own;
        lastUntilStopped(own);
        lane.own = std::make_shared<const Scenario>(std::move(own));
    }
    return read;
}

} // namespace

Outcome<RealScenario> forRealSockets(const Scenario& model, const RealChoices& choices)
{
    using Result = Outcome<RealScenario>;
    RealScenario real {.scenario = model, .lost = {}};
    if (choices.ownServers) {
        auto own = lab::beforeOwnServers(model, *choices.ownServers);
        if (!own)
            return Result::failure(own.error());
        real.scenario = std::move(*own);
    }
    // The title stays: it is the user's.
    if (choices.product)
        real.lost = translate(real.scenario.balancer, *findProduct(*choices.product));
    real.scenario.lanes = choices.lanes;
    real.scenario.assertions.clear();
    lastUntilStopped(real.scenario);
    auto laid = withLanesLaidAnew(real.scenario);
    if (!laid)
        return Result::failure(laid.error());
    real.scenario = std::move(*laid);
    return real;
}

} // namespace stickyscope
