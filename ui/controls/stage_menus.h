// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QMenu>

#include <functional>

namespace stickyscope {

/// Asks for something to happen.
using AskFor = std::function<void(const Intervention&)>;

// What can be done with the things on a stage, as menus: whatever the lane's world can do, and
// nothing else.

/// Stop, start, drain, remove, its weight (up to `largestWeight`), and all that can go wrong with
/// it; what is wrong is checked, and mended when it is chosen again.
void addReplicaActions(QMenu& menu, const LaneSnapshot& lane, ReplicaIndex replica,
                       int largestWeight, const AskFor& ask);
/// A rolling update of all servers; reload and restart of the balancer, or of those side by side,
/// with this number among interventions.
void addBalancerActions(QMenu& menu, const LaneSnapshot& lane, std::uint8_t balancer,
                        const AskFor& ask);
/// What can befall its cookies, and its connection.
void addClientActions(QMenu& menu, const LaneSnapshot& lane, ClientIndex client, const AskFor& ask);
/// One line for a menu that would be empty.
void addNothing(QMenu& menu);

} // namespace stickyscope
