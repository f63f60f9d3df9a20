// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/balancer_layout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace stickyscope {

namespace {

// Between a square and its label, and below that.
constexpr double gap = 4;

// Where its servers are on average, replicas or balancers.
double middleOf(const CastBalancer& balancer, const BalancerLayout& layout,
                const BalancerLayout::Room& room)
{
    double sum = 0;
    std::size_t count = 0;
    for (const ReplicaIndex replica : balancer.replicas) {
        if (raw(replica) >= room.replicas.size())
            continue;
        sum += room.replicas[raw(replica)];
        ++count;
    }
    for (const std::uint8_t behind : balancer.balancers) {
        sum += layout.boxes[behind].center().y();
        ++count;
    }
    return count == 0 ? room.area.bottom() : sum / static_cast<double>(count);
}

} // namespace

std::vector<int> depthsOf(const std::vector<CastBalancer>& balancers)
{
    std::vector<int> depths;
    depths.reserve(balancers.size());
    for (const CastBalancer& one : balancers)
        depths.push_back(one.asked ? 0 : -1);
    // Who stands behind another comes after it in the cast.
    for (std::size_t place = 0; place < balancers.size(); ++place) {
        for (const std::uint8_t behind : balancers[place].balancers) {
            if (depths[place] >= 0 && behind < depths.size())
                depths[behind] = std::max(depths[behind], depths[place] + 1);
        }
    }
    return depths;
}

BalancerLayout::BalancerLayout(const Room& room, const std::vector<CastBalancer>& balancers)
    : boxes(balancers.size())
{
    const std::vector<int> depths = depthsOf(balancers);
    const int columns = 1 + *std::max_element(depths.begin(), depths.end());
    std::ptrdiff_t most = 1;
    for (int column = 0; column < columns; ++column)
        most = std::max(most, std::count(depths.begin(), depths.end(), column));
    const double pitch = room.area.width() / (columns + 1);
    const double step = room.area.height() / static_cast<double>(most);
    // Labels give way before the squares become small.
    const double least = std::min(room.side, room.line);
    labelLines = std::clamp(static_cast<int>((step - least - 3 * gap) / room.line), 0, 2);
    const double free = step - labelLines * room.line - 3 * gap;
    const double side = std::max(std::min({room.side, free, pitch * 0.6}), 6.0);

    // From behind, because those in front stand where their servers do.
    for (int column = columns - 1; column >= 0; --column) {
        std::vector<std::size_t> here;
        for (std::size_t place = 0; place < depths.size(); ++place) {
            if (depths[place] == column)
                here.push_back(place);
        }
        std::vector<double> middles(balancers.size());
        for (const std::size_t place : here)
            middles[place] = middleOf(balancers[place], *this, room);
        std::stable_sort(here.begin(), here.end(), [&middles](std::size_t a, std::size_t b) {
            return middles[a] < middles[b];
        });
        const double row = room.area.height() / static_cast<double>(here.size());
        for (std::size_t turn = 0; turn < here.size(); ++turn) {
            QRectF box(0, 0, side, side);
            box.moveCenter({room.area.left() + pitch * (column + 1),
                            room.area.top() + row * (static_cast<double>(turn) + 0.5)
                                - labelLines * room.line / 2});
            boxes[here[turn]] = box;
        }
    }
    widenLabels(room);
}

// As far as to the edge of the room, or half way to whatever stands beside it on that side.
void BalancerLayout::widenLabels(const Room& room)
{
    const auto whole = [&](const QRectF& box) {
        return box.adjusted(0, 0, 0, gap + labelLines * room.line);
    };
    for (const QRectF& box : boxes) {
        const double x = box.center().x();
        double left = room.area.left();
        double right = room.area.right();
        for (const QRectF& other : boxes) {
            const bool beside = !other.isNull() && other.center().x() != x
                && whole(other).bottom() > box.top() && whole(box).bottom() > other.top();
            if (!beside)
                continue;
            const double middle = (other.center().x() + x) / 2;
            if (middle < x)
                left = std::max(left, middle);
            else
                right = std::min(right, middle);
        }
        labelRooms.emplace_back(left + gap, right - gap);
    }
}

} // namespace stickyscope
