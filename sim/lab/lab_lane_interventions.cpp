// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to a lab's lane while it runs, and what is wrong with its replicas.
#include "sim/lab/lab_lane.h"
#include "sim/model/replica_faults.h"
#include "sim/model/rolling_update.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

using Kind = Intervention::Kind;

InterventionSet LabLane::can(LabCast cast)
{
    InterventionSet all {Kind::startReplica,  Kind::drainReplica,  Kind::cutConnections,
                         Kind::takeCookies,   Kind::tamperCookies, Kind::shareCookies,
                         Kind::expireCookies, Kind::closeBrowser,  Kind::deleteStickyCookie,
                         Kind::swapCookies};
    if (!cast.program)
        all |= {Kind::reloadBalancer, Kind::restartBalancer, Kind::setWeight};
    if (cast.theirs)
        return all;
    all |= {Kind::stopReplica,   Kind::removeReplica, Kind::scaleToZero,
            Kind::rollingUpdate, Kind::resume,        Kind::mend};
    for (const ReplicaFault& fault : replicaFaults())
        all |= {fault.kind};
    return all;
}

void LabLane::apply(const TimelineEntry& entry)
{
    if (!can(m_terms.cast).contains(entry.intervention.kind))
        return;
    m_clients->catchUp();
    // What has ended by then has ended before this.
    m_now = std::max(m_now, Instant(entry.at));
    endFaultsDue();
    applyTo(entry);
    tellConditions();
}

void LabLane::applyTo(const TimelineEntry& entry)
{
    const Intervention& what = entry.intervention;
    switch (what.kind) {
    case Kind::cutConnections:
        return m_clients->cut(what.client);
    case Kind::reloadBalancer:
        return reload(entry);
    case Kind::restartBalancer:
        return m_ours->restart(what.balancer);
    case Kind::scaleToZero:
    case Kind::removeReplica:
        forEachReplica(what, [this](ReplicaIndex replica) { tellGone(replica); });
        return forEachReplica(what, [this](ReplicaIndex replica) { stopReplica(replica); });
    case Kind::rollingUpdate:
        return updateReplicas(entry);
    case Kind::setWeight:
        return forEachReplica(what, [this, &what](ReplicaIndex replica) {
            if (raw(replica) < m_joined && !m_lives[raw(replica)].left)
                m_ours->setWeight(replica, static_cast<int>(what.amount));
        });
    case Kind::takeCookies:
    case Kind::tamperCookies:
    case Kind::shareCookies:
    case Kind::expireCookies:
    case Kind::closeBrowser:
    case Kind::deleteStickyCookie:
    case Kind::swapCookies:
        return m_clients->befall(what);
    case Kind::stopReplica:
        return forEachReplica(what, [this](ReplicaIndex replica) { stopReplica(replica); });
    case Kind::startReplica:
        return forEachReplica(what, [this](ReplicaIndex replica) { startReplica(replica); });
    case Kind::drainReplica:
        return forEachReplica(what, [this](ReplicaIndex replica) { drainReplica(replica); });
    case Kind::resume:
    case Kind::mend:
    case Kind::latency:
    case Kind::bandwidth:
    case Kind::blackHole:
    case Kind::reset:
    case Kind::limitData:
    case Kind::slicer:
    case Kind::slowClose:
    case Kind::pause:
    case Kind::slowStart:
    case Kind::errors:
    case Kind::crash:
    case Kind::flood:
        return forEachReplica(what,
                              [this, &what](ReplicaIndex replica) { changeFaults(replica, what); });
    }
}

void LabLane::forEachReplica(const Intervention& what,
                             const std::function<void(ReplicaIndex)>& act) const
{
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        if (what.replica == noReplica || raw(what.replica) == place)
            act(static_cast<ReplicaIndex>(place));
    }
}

void LabLane::stopReplica(ReplicaIndex replica)
{
    if (std::exchange(m_lives[raw(replica)].stopped, true))
        return;
    m_recorder.replicaChanged(replica, ObservationKind::replicaStopped);
    m_replicas[raw(replica)]->stop();
}

void LabLane::startReplica(ReplicaIndex replica)
{
    Life& life = m_lives[raw(replica)];
    ReplicaServer* const server = m_replicas[raw(replica)].get();
    if (const std::string error = server ? server->start() : std::string(); !error.empty())
        return m_recorder.setNotice(error);
    life.stopped = false;
    setDraining(replica, false);
    if (std::exchange(life.toldGone, false) && !life.left)
        m_balancer->setThere(replica, true);
    m_recorder.replicaChanged(replica, ObservationKind::replicaStarted);
}

void LabLane::drainReplica(ReplicaIndex replica)
{
    setDraining(replica, true);
    m_recorder.replicaChanged(replica, ObservationKind::replicaDraining);
}

void LabLane::setDraining(ReplicaIndex replica, bool draining)
{
    Life& life = m_lives[raw(replica)];
    if (raw(replica) >= m_joined || life.left || life.draining == draining)
        return;
    life.draining = draining;
    m_balancer->setDraining(replica, draining);
}

// As an orchestrator does it: nobody has to notice.
void LabLane::tellGone(ReplicaIndex replica)
{
    Life& life = m_lives[raw(replica)];
    life.toldGone = raw(replica) < m_joined && !life.left;
    if (life.toldGone)
        m_balancer->setThere(replica, false);
}

void LabLane::updateReplicas(const TimelineEntry& entry)
{
    if (endsUpdate(entry.intervention))
        return m_recorder.replicaChanged(noReplica, ObservationKind::rollingUpdateEnds);
    m_recorder.replicaChanged(noReplica, ObservationKind::rollingUpdate);
    const auto steps = stepsOf(rollingUpdateOf(entry.intervention), entry.at,
                               replacedAt(*m_terms.scenario, entry.at));
    m_updateSteps.insert(m_updateSteps.end(), steps.begin(), steps.end());
    std::stable_sort(m_updateSteps.begin(), m_updateSteps.end(),
                     [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
}

void LabLane::updateStepsDue()
{
    while (!m_updateSteps.empty() && Instant(m_updateSteps.front().at) <= m_now) {
        const TimelineEntry step = m_updateSteps.front();
        m_updateSteps.erase(m_updateSteps.begin());
        applyTo(step);
        tellConditions();
    }
}

void LabLane::changeFaults(ReplicaIndex replica, const Intervention& what)
{
    ReplicaServer& server = *m_replicas[raw(replica)];
    if (what.kind == Kind::resume)
        return server.end(Kind::pause);
    if (what.kind == Kind::mend) {
        if (m_lives[raw(replica)].stopped)
            return;
        const auto only = onlyFault(what);
        return only ? server.end(*only) : server.endFaults();
    }
    if (what.kind == Kind::crash)
        stopReplica(replica);
    server.begin(what, m_now);
}

void LabLane::endFaultsDue()
{
    bool changed = false;
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        ReplicaServer* const server = m_replicas[place].get();
        while (const auto over = server ? server->faults().dueBy(m_now) : std::nullopt) {
            changed = true;
            // Whatever comes of its start, the crash is over.
            server->end(over->fault.kind);
            if (over->fault.kind == Kind::crash)
                startReplica(static_cast<ReplicaIndex>(place));
        }
    }
    if (changed)
        tellConditions();
}

void LabLane::tellConditions()
{
    std::vector<live::LiveQueue::Condition> conditions;
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        live::LiveQueue::Condition& one = conditions.emplace_back();
        if (const ReplicaServer* const server = m_replicas[place].get())
            one.faults = server->faults().of(replica);
        if (m_ours && place < m_joined)
            one.weight = m_ours->weightOf(replica);
    }
    m_queue.setConditions(std::move(conditions));
}

void LabLane::reload(const TimelineEntry& entry)
{
    const Scenario& scenario = *m_terms.scenario;
    const std::size_t place = entry.intervention.balancer;
    if (entry.changed)
        m_balancers[place] = afterReload(entry, scenario, scenario.lanes[raw(m_terms.lane)]);
    m_ours->reload(m_balancers[place], place);
    const std::string name(m_ours->dispatcher().cookieName());
    tellStickyName(name);
    m_clients->setStickyName(name);
}

} // namespace stickyscope::lab
