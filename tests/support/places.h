// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

namespace stickyscope::test {

/// Of a scenario's replicas or a balancer's servers.
inline constexpr ReplicaIndex first {0};
inline constexpr ReplicaIndex second {1};

} // namespace stickyscope::test
