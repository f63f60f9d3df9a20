// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/controls/stage_menus.h"

namespace stickyscope {

/// All faults that the lane's world knows: with what is suggested at once, or with figures of
/// one's own. Nothing is added where it knows none.
void addFaultMenu(QMenu& menu, const LaneSnapshot& lane, ReplicaIndex replica, const AskFor& ask);

} // namespace stickyscope
