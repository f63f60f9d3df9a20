// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace stickyscope::lab {

/// By which of the balancer's doors a client came in.
struct ProxyDoor
{
    bool fromNetwork = false; ///< see ProxyCore::openToNetwork()
    bool secure = false; ///< it speaks TLS there
    std::uint8_t tier = 0; ///< whose it is; not 0: balancers in front come in by it
};

} // namespace stickyscope::lab
