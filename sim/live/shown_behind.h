// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"

#include <deque>
#include <vector>

namespace stickyscope::live {

/// Gives requests whose way is too fast to be seen a way on the stage: their ends are shown a while
/// after they came, and the time between is the way back. Latencies stay as they were measured.
class ShownBehind
{
public:
    /// By how much; nothing where nobody looks.
    explicit ShownBehind(Duration behind)
        : m_behind(behind)
    {
    }

    /// One more, which happens at its `at`; what is to be seen at once is appended to `shown`.
    /// Ways that it already has (placed, served) are replaced by those that are shown.
    void take(Observation observation, std::vector<Observation>& shown);
    /// What has come to its end by `until`, in order.
    void land(Instant until, std::vector<Observation>& shown);

private:
    Duration m_behind;
    std::deque<Observation> m_landing; ///< ended, and on their way back on the stage
};

} // namespace stickyscope::live
