// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QStringList>

namespace stickyscope {

/// What a lane's record tells of one request that has ended: who answered, how fast, which cookie
/// came and went, and why it went there. A sentence each.
QStringList aboutAnswer(const LaneSnapshot& lane, const TrailCell& answer);

} // namespace stickyscope
