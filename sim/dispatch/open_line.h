// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

namespace stickyscope {

/// Why a request goes where the one before it on its connection went, whatever its cookie says.
inline constexpr Rule onOpenLine {
    "It comes on a connection that is open, and the balancer places connections: it goes to the "
    "same server.",
    "layer 4: any balancer of connections"};

} // namespace stickyscope
