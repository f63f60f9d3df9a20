// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/result.h"

#include <optional>
#include <span>

namespace stickyscope {

/// How unevenly `requests` are spread over replicas: busiest / mean, the coefficient of variation
/// (standard deviation of all / mean) and Jain's index ((sum x)^2 / (n sum x^2); Jain, Chiu and
/// Hawe, 1984). Nothing while there is no request.
std::optional<ImbalanceResult> imbalanceOf(std::span<const Count> requests);

} // namespace stickyscope
