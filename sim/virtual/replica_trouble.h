// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/active_faults.h"
#include "sim/virtual/virtual_replica.h"

#include <vector>

namespace stickyscope {

/// What is wrong with one replica just now, and what hangs on that.
struct ReplicaTrouble
{
    ActiveFaults faults;
    std::vector<RequestSlot> held; ///< sent to it and never answered
    bool toldGone = false; ///< the balancers were told that it is not there
};

} // namespace stickyscope
