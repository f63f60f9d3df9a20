// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/dispatch/server_limits.h"
#include "sim/products/product.h"

#include <string_view>

namespace stickyscope {

/// Where one request is to go, and why. Without a replica, `status` is the balancer's answer. One
/// that waits will be called in, to `replica`, or to any where that is noReplica.
struct Decision
{
    ReplicaIndex replica = noReplica;
    Ledger ledger = Ledger::fresh;
    Bound bound = Bound::no;
    const Rule* rule = nullptr;
    int status = 0;
    bool waits = false;
};

/// What a request brings to its placement beside its cookie.
struct Circumstances
{
    Draw draw; ///< its luck
    Instant now {};
    std::string_view source {}; ///< the client's address, "198.51.100.7"
    std::string_view key {}; ///< see Dispatcher::keyOf(), where it hashes requests
    ReplicaIndex avoid = noReplica; ///< failed a moment ago
    std::string_view issued {}; ///< the name from issue(), where the client brought none
    WallSeconds wall {}; ///< `now` by the calendar
    ServerLimits::Ticket ticket = 0; ///< names it while it waits; no other that waits has it
};

} // namespace stickyscope
