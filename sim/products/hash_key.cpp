// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/hash_key.h"

#include <algorithm>

namespace stickyscope {

HashKey hashKeyOf(const BalancerSpec& balancer)
{
    const std::string part = balancer.settings.text("hash-on", "source");
    // The names stand in the order of HashKey::Of.
    const auto place =
        std::find(hashedParts.begin(), hashedParts.end(), part) - hashedParts.begin();
    return {.of = static_cast<HashKey::Of>(place), .name = balancer.settings.text("hash-name")};
}

} // namespace stickyscope
