// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/allowance.h"

namespace stickyscope::live {

Allowance allowanceOf(TargetClass target, bool inPerson)
{
    switch (target) {
    case TargetClass::loopback:
        return {.rate = 20'000, .connections = 2'000};
    case TargetClass::privateNetwork:
        return {.rate = inPerson ? 2'000.0 : 200.0, .connections = 100};
    case TargetClass::publicNetwork:
        break;
    }
    return {.rate = inPerson ? 50.0 : 10.0, .connections = 10, .longest = std::chrono::minutes(5)};
}

} // namespace stickyscope::live
