// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <span>

namespace stickyscope {

/// How long after this time of day (0 to 24 h) the next request of a Poisson process comes whose
/// rate follows the curve, day after day: when the area below the curve has reached `area`, drawn
/// from the unit exponential distribution. One point at least has a rate above zero.
Duration nextOnCurve(std::span<const RatePoint> curve, Duration timeOfDay, double area);

} // namespace stickyscope
