// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/daily_curve.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace stickyscope {

namespace {

constexpr Duration day = std::chrono::hours(24);

double rateOf(const RatePoint& point)
{
    return point.gap == Duration::zero() ? 0.0 : 1 / static_cast<double>(point.gap.count());
}

} // namespace

Duration nextOnCurve(std::span<const RatePoint> curve, Duration timeOfDay, double area)
{
    // The last point at or before this moment, which may be yesterday's last.
    const auto after =
        std::upper_bound(curve.begin(), curve.end(), timeOfDay,
                         [](Duration moment, const RatePoint& point) { return moment < point.at; });
    auto place = static_cast<std::size_t>(after - curve.begin());
    place = (place + curve.size() - 1) % curve.size();
    Duration sinceBegin = timeOfDay - curve[place].at;
    if (sinceBegin < Duration::zero())
        sinceBegin += day;
    Duration passed {};
    while (true) {
        const RatePoint& begin = curve[place];
        place = (place + 1) % curve.size();
        const RatePoint& end = curve[place];
        const Duration length = end.at > begin.at ? end.at - begin.at : end.at + day - begin.at;
        const double slope = (rateOf(end) - rateOf(begin)) / static_cast<double>(length.count());
        const double now = rateOf(begin) + slope * static_cast<double>(sinceBegin.count());
        const Duration left = length - sinceBegin;
        const double whole = (now + rateOf(end)) / 2 * static_cast<double>(left.count());
        if (area <= whole) {
            // now * x + slope * x^2 / 2 = area, in the form that is exact where the slope is small.
            const double root = std::sqrt(std::max(now * now + 2 * slope * area, 0.0));
            return passed + Duration {std::llround(2 * area / (now + root))};
        }
        area -= whole;
        passed += left;
        sinceBegin = {};
    }
}

} // namespace stickyscope
