// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/advance.h"

#include "app/cli/console.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace stickyscope::cli {

namespace {

using Clock = std::chrono::steady_clock;

void show(Progress& progress, const Experiment& experiment)
{
    progress.show(inSeconds(experiment.now().time_since_epoch())
                      / inSeconds(experiment.end().time_since_epoch()),
                  "of the scenario's time");
}

} // namespace

void advanceToEnd(Experiment& experiment)
{
    Progress progress;
    // Slices of some 50 ms of the wall clock: to show progress, and to end soon after Ctrl-C.
    constexpr auto wanted = std::chrono::milliseconds(50);
    Duration slice = std::chrono::milliseconds(1);
    while (!experiment.finished() && !interrupted()) {
        const auto before = Clock::now();
        experiment.advance(slice);
        slice = Clock::now() - before < wanted
            ? slice * 2
            : std::max<Duration>(slice / 2, std::chrono::microseconds(1));
        show(progress, experiment);
    }
}

void advanceWithClock(Experiment& experiment, ShowProgress showProgress,
                      const std::function<bool()>& each)
{
    constexpr auto beat = std::chrono::milliseconds(5);
    Progress progress;
    auto last = Clock::now();
    while (!experiment.finished() && !interrupted()) {
        std::this_thread::sleep_for(beat);
        const auto now = Clock::now();
        experiment.advance(now - last);
        last = now;
        if (showProgress == ShowProgress::yes)
            show(progress, experiment);
        if (each && !each())
            return;
    }
}

} // namespace stickyscope::cli
