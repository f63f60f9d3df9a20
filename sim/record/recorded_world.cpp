// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recorded_world.h"

#include "sim/model/snapshot.h"

#include <span>
#include <utility>

namespace stickyscope::record {

namespace {

constexpr std::size_t atOnce = 16'384;

}

RecordedWorld::RecordedWorld(std::shared_ptr<const Recording> recording, std::size_t lane)
    : m_recording(std::move(recording))
    , m_lane(lane)
    , m_faults(*scenarioOf(m_recording->scenario(), static_cast<LaneIndex>(lane)),
               m_recording->byHand())
{
    readOn();
}

void RecordedWorld::readOn()
{
    m_read = m_recording->read(m_lane, m_last, atOnce);
    m_next = 0;
}

void RecordedWorld::addTo(LaneSnapshot& picture) const
{
    for (std::size_t place = 0; place < picture.replicas.size(); ++place)
        picture.replicas[place].faults = m_faults.of(static_cast<ReplicaIndex>(place));
}

void RecordedWorld::advance(Instant until, ObservationSink& sink)
{
    m_faults.advance(until);
    while (m_next < m_read.size() && m_read[m_next].at <= until) {
        const std::size_t first = m_next;
        while (m_next < m_read.size() && m_read[m_next].at <= until)
            ++m_next;
        sink.observe(std::span(m_read).subspan(first, m_next - first));
        if (m_next == m_read.size())
            readOn();
    }
}

Instant RecordedWorld::nextEvent() const
{
    return m_next < m_read.size() ? m_read[m_next].at : Instant::max();
}

} // namespace stickyscope::record
