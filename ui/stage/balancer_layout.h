// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/world.h"

#include <QRectF>

#include <cstdint>
#include <utility>
#include <vector>

namespace stickyscope {

/// How many balancers stand before each on the longest way to it; -1 where no request comes.
std::vector<int> depthsOf(const std::vector<CastBalancer>& balancers);

/// Where several balancers stand: a column for each depth, and in it one below the other in the
/// order of the servers behind them, so that few lines cross.
struct BalancerLayout
{
    /// The room between clients and replicas, and what an even spread needs to know.
    struct Room
    {
        QRectF area;
        double side = 40; ///< of a balancer's square, where there is room for it
        double line = 16; ///< height of a line of its label
        std::vector<double> replicas; ///< the height of each on the stage
    };

    BalancerLayout() = default;
    BalancerLayout(const Room& room, const std::vector<CastBalancer>& balancers);

    std::vector<QRectF> boxes; ///< by place in the cast; null for those where no request comes
    /// From where to where each label may stand: not under its square's middle alone, but where it
    /// meets no other.
    std::vector<std::pair<double, double>> labelRooms;
    int labelLines = 0; ///< for which there is room under each square, 0 to 2

private:
    void widenLabels(const Room& room);
};

} // namespace stickyscope
