// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <string_view>

namespace stickyscope {

/// The version with which the product's own stickiness of this kind came, where most installations
/// are older than that: "1.29.6"; else empty.
std::string_view stickySince(const BalancerSpec& balancer);

} // namespace stickyscope
