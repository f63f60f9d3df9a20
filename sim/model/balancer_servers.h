// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_set.h"
#include "sim/model/scenario.h"

#include <string>

namespace stickyscope {

/// Whether a balancer places requests on the replica, or the balancer, of this name. Who names no
/// servers has all replicas.
bool isServer(const BalancerSpec& balancer, const std::string& name);

/// A balancer as a server of another one, by its place among balancersOf(). Its address is of a
/// documentation network (RFC 5737): products that hash addresses hash this one in every world.
ReplicaView viewOfBalancer(const BalancerSpec& balancer, std::size_t place);

} // namespace stickyscope
