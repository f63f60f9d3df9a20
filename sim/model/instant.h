// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace stickyscope {

/// Whole nanoseconds: time is never kept in a floating-point number, so that it cannot drift.
using Duration = std::chrono::nanoseconds;

/// The clock of an experiment, which starts at zero. It has no now(): time is an argument.
struct ExperimentClock
{
    using duration = Duration;
    using rep = Duration::rep;
    using period = Duration::period;
    using time_point = std::chrono::time_point<ExperimentClock, Duration>;
    static constexpr bool is_steady = true;
};

/// Time since the experiment began.
using Instant = ExperimentClock::time_point;

/// For cookies' dates: seconds since 1970, UTC.
using WallSeconds = std::chrono::sys_seconds;

/// In seconds, for display and for the JSON document only.
constexpr double inSeconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

constexpr double inMilliseconds(Duration duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace stickyscope
