// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to the virtual world while it runs.
#include "sim/model/rolling_update.h"
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

void VirtualWorld::apply(const Intervention& intervention)
{
    const auto forEachClient = [&](auto&& act) {
        for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
            if (intervention.client == noClient || raw(intervention.client) == index)
                act(static_cast<ClientIndex>(index));
        }
    };
    const auto forEachReplica = [&](auto&& act) {
        for (std::uint32_t index = 0; index < m_replicas.size(); ++index) {
            if (intervention.replica == noReplica || raw(intervention.replica) == index)
                act(static_cast<ReplicaIndex>(index));
        }
    };
    switch (intervention.kind) {
    case Intervention::Kind::stopReplica:
        return forEachReplica([this](ReplicaIndex replica) { stop(replica); });
    case Intervention::Kind::startReplica:
        return forEachReplica([this](ReplicaIndex replica) { start(replica); });
    case Intervention::Kind::drainReplica:
        return forEachReplica([this](ReplicaIndex replica) {
            setDraining(replica, true);
            observeReplica(replica, ObservationKind::replicaDraining);
        });
    case Intervention::Kind::takeCookies:
    case Intervention::Kind::tamperCookies:
    case Intervention::Kind::shareCookies:
    case Intervention::Kind::expireCookies:
    case Intervention::Kind::closeBrowser:
    case Intervention::Kind::deleteStickyCookie:
    case Intervention::Kind::swapCookies:
        forEachClient([&](ClientIndex index) { changeCookies(intervention, index); });
        noteChange(intervention.client);
        if (intervention.kind == Intervention::Kind::swapCookies)
            noteChange(intervention.from);
        return;
    case Intervention::Kind::cutConnections:
        return forEachClient([this](ClientIndex index) {
            if (m_clients[raw(index)].connected)
                closeConnection(index, 1006);
        });
    case Intervention::Kind::reloadBalancer:
        return reload({.intervention = intervention});
    case Intervention::Kind::restartBalancer:
        return restart(intervention.balancer);
    case Intervention::Kind::scaleToZero:
    case Intervention::Kind::removeReplica:
        forEachReplica([this](ReplicaIndex replica) { tellGone(replica); });
        return forEachReplica([this](ReplicaIndex replica) { stop(replica); });
    case Intervention::Kind::rollingUpdate:
        return updateReplicas(intervention);
    case Intervention::Kind::setWeight:
        return forEachReplica([&](ReplicaIndex replica) {
            forEachBalancer(replica, [&](VirtualBalancer& balancer, ReplicaIndex server) {
                balancer.setWeight(server, static_cast<int>(intervention.amount));
            });
        });
    default:
        return forEachReplica([&](ReplicaIndex replica) { beginFault(intervention, replica); });
    }
}

void VirtualWorld::stop(ReplicaIndex replica)
{
    VirtualReplica& stopped = m_replicas[raw(replica)];
    if (!stopped.running())
        return;
    observeReplica(replica, ObservationKind::replicaStopped);
    std::vector<RequestSlot> cut = stopped.stop();
    std::vector<RequestSlot>& held = m_troubles[raw(replica)].held;
    cut.insert(cut.end(), held.begin(), held.end());
    held.clear();
    for (const RequestSlot slot : cut)
        fault(slot, Fault::reset);
    // First, for a Socket.IO session ends with its connection.
    if (stopped.sessions() == SessionStore::inMemory)
        loseSessionsOf(replica);
    for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
        if (m_clients[index].connected && m_clients[index].connectedTo == replica)
            closeConnection(static_cast<ClientIndex>(index), 1006);
    }
}

void VirtualWorld::start(ReplicaIndex replica)
{
    m_replicas[raw(replica)].start();
    setDraining(replica, false);
    if (std::exchange(m_troubles[raw(replica)].toldGone, false))
        tell(replica, true);
    endFaults(replica);
    observeReplica(replica, ObservationKind::replicaStarted);
    // What follows each of its starts.
    for (const Intervention& fault : m_scenario->replicas[raw(replica)].faults) {
        if (fault.kind == Intervention::Kind::slowStart)
            startFault(replica, fault);
    }
}

void VirtualWorld::updateReplicas(const Intervention& intervention)
{
    if (endsUpdate(intervention))
        return observeReplica(noReplica, ObservationKind::rollingUpdateEnds);
    observeReplica(noReplica, ObservationKind::rollingUpdate);
    const Duration now = m_now.time_since_epoch();
    for (const TimelineEntry& step :
         stepsOf(rollingUpdateOf(intervention), now, replacedAt(*m_scenario, now))) {
        m_events.push(Instant(step.at), EventKind::updateStep,
                      static_cast<std::uint32_t>(m_updateSteps.size()));
        m_updateSteps.push_back(step.intervention);
    }
}

void VirtualWorld::loseSessionsOf(ReplicaIndex replica)
{
    for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
        if (m_clients[index].holder == replica && !m_clients[index].sessionLost)
            loseSession(static_cast<ClientIndex>(index));
    }
}

void VirtualWorld::loseSession(ClientIndex index)
{
    VirtualClient& client = m_clients[raw(index)];
    client.sessionLost = true;
    Observation lost {.at = m_now, .client = index, .replica = client.holder};
    lost.kind = ObservationKind::sessionLost;
    lost.ledger = Ledger::down;
    observe(lost);
}

} // namespace stickyscope
