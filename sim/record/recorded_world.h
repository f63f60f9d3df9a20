// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/world.h"
#include "sim/record/recorded_faults.h"
#include "sim/record/recording.h"

#include <memory>
#include <vector>

namespace stickyscope::record {

/// One lane of a recording, played again. A value: a copy goes on from where it is by itself.
class RecordedWorld final : public World
{
public:
    RecordedWorld(std::shared_ptr<const Recording> recording, std::size_t lane);

    const Cast& cast() const override { return m_recording->cast(m_lane); }
    const TextTable& texts() const override { return m_recording->texts(m_lane); }
    void advance(Instant until, ObservationSink& sink) override;
    /// It has happened as it has happened.
    InterventionSet can() const override { return {}; }
    void apply(const Intervention&) override { }
    void addTo(LaneSnapshot& picture) const override;
    Instant nextEvent() const override;
    std::unique_ptr<World> clone() const override { return std::make_unique<RecordedWorld>(*this); }

private:
    void readOn();

    std::shared_ptr<const Recording> m_recording;
    std::size_t m_lane;
    std::int64_t m_last = 0; ///< number of the last one that was read
    std::vector<Observation> m_read;
    std::size_t m_next = 0; ///< of m_read
    RecordedFaults m_faults;
};

} // namespace stickyscope::record
