// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recorded_faults.h"

#include "sim/model/replica_faults.h"
#include "sim/model/rolling_update.h"

#include <algorithm>
#include <memory>

namespace stickyscope::record {

using Kind = Intervention::Kind;

RecordedFaults::RecordedFaults(const Scenario& scenario, const std::vector<TimelineEntry>& byHand)
    : m_entries(scenario.timeline)
{
    const Scenario lane = *asPlayed(std::make_shared<const Scenario>(scenario));
    m_entries.insert(m_entries.end(), byHand.begin(), byHand.end());
    for (const TimelineEntry& entry : std::vector<TimelineEntry>(m_entries)) {
        if (entry.intervention.kind != Kind::rollingUpdate)
            continue;
        const auto steps =
            stepsOf(rollingUpdateOf(entry.intervention), entry.at, replacedAt(lane, entry.at));
        m_entries.insert(m_entries.end(), steps.begin(), steps.end());
    }
    std::stable_sort(m_entries.begin(), m_entries.end(),
                     [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
    for (const ReplicaSpec& replica : lane.replicas) {
        Life& life = m_lives.emplace_back();
        for (const Intervention& fault : replica.faults) {
            life.faults.begin(fault, Instant {});
            if (fault.kind == Kind::slowStart)
                life.atStart.push_back(fault);
        }
    }
}

void RecordedFaults::advance(Instant until)
{
    for (; m_next < m_entries.size() && Instant(m_entries[m_next].at) <= until; ++m_next)
        apply(m_entries[m_next]);
    endDue(until);
}

std::vector<Intervention> RecordedFaults::of(ReplicaIndex replica) const
{
    return raw(replica) < m_lives.size() ? m_lives[raw(replica)].faults.of(replica)
                                         : std::vector<Intervention> {};
}

void RecordedFaults::apply(const TimelineEntry& entry)
{
    if (isOfClients(entry.intervention.kind) || isOfBalancer(entry.intervention.kind))
        return;
    endDue(Instant(entry.at));
    for (std::size_t place = 0; place < m_lives.size(); ++place) {
        if (entry.intervention.replica == noReplica || raw(entry.intervention.replica) == place)
            applyTo(place, entry);
    }
}

void RecordedFaults::applyTo(std::size_t place, const TimelineEntry& entry)
{
    const Intervention& what = entry.intervention;
    Life& life = m_lives[place];
    switch (what.kind) {
    case Kind::startReplica:
        return start(place, Instant(entry.at));
    case Kind::stopReplica:
    case Kind::scaleToZero:
    case Kind::removeReplica:
        life.running = false;
        return;
    case Kind::resume:
        life.faults.end(Kind::pause);
        return;
    case Kind::mend:
        if (const auto only = onlyFault(what); only && life.running)
            life.faults.end(*only);
        else if (life.running)
            life.faults = {};
        return;
    default:
        if (!findFault(what.kind))
            return;
        life.running = life.running && what.kind != Kind::crash;
        life.faults.begin(what, Instant(entry.at));
    }
}

void RecordedFaults::endDue(Instant until)
{
    for (std::size_t place = 0; place < m_lives.size(); ++place) {
        while (const auto over = m_lives[place].faults.dueBy(until)) {
            if (over->fault.kind == Kind::crash)
                start(place, over->until);
            else
                m_lives[place].faults.end(over->fault.kind);
        }
    }
}

void RecordedFaults::start(std::size_t place, Instant now)
{
    Life& life = m_lives[place];
    life.running = true;
    life.faults = {};
    for (const Intervention& fault : life.atStart)
        life.faults.begin(fault, now);
}

} // namespace stickyscope::record
