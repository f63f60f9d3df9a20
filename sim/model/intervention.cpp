// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/intervention.h"

namespace stickyscope {

std::string_view nameOf(Intervention::Kind kind)
{
    switch (kind) {
    case Intervention::Kind::stopReplica:
        return "stop";
    case Intervention::Kind::startReplica:
        return "start";
    case Intervention::Kind::drainReplica:
        return "drain";
    case Intervention::Kind::takeCookies:
        return "take-cookies";
    case Intervention::Kind::cutConnections:
        return "cut";
    case Intervention::Kind::reloadBalancer:
        return "reload";
    case Intervention::Kind::restartBalancer:
        return "restart";
    }
    return {};
}

} // namespace stickyscope
