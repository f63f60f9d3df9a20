// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/daily_curve.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;

TEST_CASE("One point alone is the same rate all day")
{
    const std::vector<RatePoint> curve {{9h, 2s}};
    CHECK(nextOnCurve(curve, 3h, 1.5) == 3s);
    CHECK(nextOnCurve(curve, 23h, 7200) == 4h);
}

TEST_CASE("Between two points the rate is a straight line, over midnight too")
{
    // From 0 at 20 h to one a second at 22 h, and back to 0 at 2 h.
    const std::vector<RatePoint> curve {{2h, 0s}, {20h, 0s}, {22h, 1s}};
    // The area from 20 h is t^2 / (2 * 7200 s): 3600 at 22 h.
    CHECK(nextOnCurve(curve, 20h, 900) == 1h);
    CHECK(nextOnCurve(curve, 20h, 3600) == 2h);
    // Nothing comes at night: 18 hours of silence first.
    CHECK(nextOnCurve(curve, 2h, 900) == 19h);
    // From 22 h four hours down to 0: 7200 in all, of which three quarters are over at midnight.
    CHECK(nextOnCurve(curve, 22h, 5400) == 2h);
    CHECK(nextOnCurve(curve, 0h, 1350) == 1h);
    // What a day does not hold, the next one does.
    CHECK(nextOnCurve(curve, 20h, 10800 + 900) == 25h);
}
