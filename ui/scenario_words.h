// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QString>
#include <QStringList>

namespace stickyscope {

namespace live {
struct Target;
}

/// "Sticky cookies off", "Model, sticky on" and the like, or the lane's own name.
QString headlineOf(const Scenario& scenario, const LaneSpec& lane);
/// That an earlier lane has the same settings, so that nothing can be compared; else empty.
QString alikeWith(const Scenario& scenario, const LaneSpec& lane);
/// What a cache in front of the balancers does with their cookies; empty where there is none.
QString aboutCache(const Scenario& scenario, const LaneSpec& lane);
/// What this lane's balancer does, in one sentence.
QString remarkOn(const Scenario& scenario, const LaneSpec& lane);
/// How many balancers its first lane has, those side by side with them...
int balancersIn(const Scenario& scenario);
/// ...and as which products they balance: "Traefik and nginx".
QString productsIn(const Scenario& scenario);
/// From which version on a product has what is sticky here, to follow a remark; empty where any
/// that is met has it.
QString versionRemarkOn(const Scenario& scenario, const LaneSpec& lane);
/// Another product than `before` balances by now: where the title names that one, it names this.
void retitle(Scenario& scenario, const std::string& before);
/// What stands for a real service that is watched: its address, the lanes off and on, an hour.
Scenario scenarioToWatch(const live::Target& service);
/// What a live lane does, and how late it is shown.
QString remarkOnService(const LaneSpec& lane);
/// The lines that stop a real replica of this name, for copying.
QStringList linesToStop(const QString& replica);

} // namespace stickyscope
