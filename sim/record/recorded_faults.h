// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/active_faults.h"
#include "sim/model/scenario.h"

#include <cstddef>
#include <vector>

namespace stickyscope::record {

/// What was wrong with each replica of a recorded lane at any moment. No observation tells it; it
/// follows from the scenario's timeline and from what was done by hand. A value.
class RecordedFaults
{
public:
    RecordedFaults(const Scenario& scenario, const std::vector<TimelineEntry>& byHand);

    /// All that happened up to and including `until`, which is no earlier than the last one.
    void advance(Instant until);
    /// As LaneSnapshot shows them; empty for a replica that the scenario does not know.
    std::vector<Intervention> of(ReplicaIndex replica) const;

private:
    void apply(const TimelineEntry& entry);
    void applyTo(std::size_t place, const TimelineEntry& entry);
    void endDue(Instant until);
    void start(std::size_t place, Instant now);

    struct Life
    {
        std::vector<Intervention> atStart; ///< slow starts
        ActiveFaults faults;
        bool running = true;
    };

    std::vector<Life> m_lives; ///< by replica
    std::vector<TimelineEntry> m_entries; ///< in the order in which they happened
    std::size_t m_next = 0; ///< of m_entries
};

} // namespace stickyscope::record
