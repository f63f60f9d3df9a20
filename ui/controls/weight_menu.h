// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/controls/stage_menus.h"

namespace stickyscope {

struct Scenario;

/// The largest weight that every lane's balancers take.
int largestWeight(const Scenario& scenario);

/// Nothing, half of it, twice as much, or a number of one's own, up to `most`. Nothing is added
/// where the lane's world cannot change weights.
void addWeightMenu(QMenu& menu, const LaneSnapshot& lane, ReplicaIndex replica, int most,
                   const AskFor& ask);

} // namespace stickyscope
