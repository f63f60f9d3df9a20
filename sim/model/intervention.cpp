// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/intervention.h"

#include <array>

namespace stickyscope {

namespace {

using Kind = Intervention::Kind;

} // namespace

std::string_view nameOf(Intervention::Kind kind)
{
    static constexpr std::array<std::string_view, interventionKinds> names {"stop",
                                                                            "start",
                                                                            "drain",
                                                                            "take-cookies",
                                                                            "cut",
                                                                            "reload",
                                                                            "restart",
                                                                            "latency",
                                                                            "bandwidth",
                                                                            "black-hole",
                                                                            "reset",
                                                                            "limit-data",
                                                                            "pause",
                                                                            "slow-start",
                                                                            "errors",
                                                                            "crash",
                                                                            "flood",
                                                                            "resume",
                                                                            "mend",
                                                                            "scale-to-zero",
                                                                            "tamper-cookies",
                                                                            "share-cookies",
                                                                            "expire-cookies",
                                                                            "close-browser",
                                                                            "delete-sticky-cookie",
                                                                            "slicer",
                                                                            "slow-close",
                                                                            "swap-cookies",
                                                                            "weight",
                                                                            "remove",
                                                                            "rolling-update"};
    return names.at(static_cast<std::size_t>(kind));
}

bool isOfClients(Intervention::Kind kind)
{
    return kind == Kind::takeCookies || kind == Kind::cutConnections || kind == Kind::swapCookies
        || (kind >= Kind::tamperCookies && kind <= Kind::deleteStickyCookie);
}

bool isOfTwoClients(Intervention::Kind kind)
{
    return kind == Intervention::Kind::shareCookies || kind == Intervention::Kind::swapCookies;
}

bool isOfBalancer(Intervention::Kind kind)
{
    return kind == Intervention::Kind::reloadBalancer
        || kind == Intervention::Kind::restartBalancer;
}

} // namespace stickyscope
