// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/measure/affinity.h"
#include "sim/model/result.h"
#include "sim/model/world.h"

#include <vector>

namespace stickyscope {

/// The figures of all clients of one kind together, for each kind of `cast`. Added up when asked
/// for, so that no observation costs more for it.
std::vector<KindResult> kindsOf(const Affinity& affinity, const Cast& cast);

} // namespace stickyscope
