// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/model/scenario.h"

namespace stickyscope {

/// One of those side by side, by its number among them: they may stand in different zones.
BalancerSpec instanceOf(const BalancerSpec& balancer, int number);

/// Which of those side by side takes a client's request. Each kind of balancer draws for itself:
/// `place` is its own among balancersOf().
int drawnInstance(const BalancerSpec& balancer, const Chance& chance, ClientIndex client,
                  std::uint32_t ordinal, std::uint8_t place);

} // namespace stickyscope
