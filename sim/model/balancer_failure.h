// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"

namespace stickyscope {

/// The failure that a balancer's own answer of this status is: 404, 502, 503 and 504 are kinds of
/// their own; `otherwise` for the rest.
constexpr Failure balancerFailure(int status, Failure otherwise)
{
    switch (status) {
    case 404:
        return Failure::balancer404;
    case 502:
        return Failure::balancer502;
    case 503:
        return Failure::balancer503;
    case 504:
        return Failure::balancer504;
    default:
        return otherwise;
    }
}

} // namespace stickyscope
