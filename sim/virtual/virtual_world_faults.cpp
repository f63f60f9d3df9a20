// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with replicas, and what their balancers and checks make of it.
#include "sim/model/replica_faults.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace stickyscope {

using Kind = Intervention::Kind;

void VirtualWorld::beginFault(const Intervention& intervention, ReplicaIndex replica)
{
    const bool running = m_replicas[raw(replica)].running();
    switch (intervention.kind) {
    case Kind::resume:
        return endFault(replica, Kind::pause);
    case Kind::mend:
        if (const auto only = onlyFault(intervention); only && running)
            endFault(replica, *only);
        else if (running)
            endFaults(replica);
        return;
    case Kind::crash:
        stop(replica);
        return startFault(replica, intervention);
    default:
        return startFault(replica, intervention);
    }
}

void VirtualWorld::startFault(ReplicaIndex replica, const Intervention& fault)
{
    m_troubled = true;
    ReplicaTrouble& trouble = m_troubles[raw(replica)];
    VirtualReplica& troubled = m_replicas[raw(replica)];
    const bool wasPaused = trouble.faults.find(Kind::pause) != nullptr;
    const ActiveFaults::Active& begun = trouble.faults.begin(fault, m_now);
    if (fault.lasts > Duration::zero())
        m_events.push(begun.until, EventKind::faultEnds, raw(replica), begun.number);
    if (fault.kind == Kind::flood)
        troubled.setIdleConnections(fault.amount);
    if (fault.kind == Kind::pause && !wasPaused) {
        for (const RequestSlot slot : troubled.served()) {
            m_requests[slot].endsAt = Instant {m_requests[slot].endsAt - m_now};
            ++m_requests[slot].generation;
        }
    }
    for (const RequestSlot slot : troubled.present())
        watch(slot);
}

void VirtualWorld::endFault(ReplicaIndex replica, Kind kind)
{
    ReplicaTrouble& trouble = m_troubles[raw(replica)];
    if (!trouble.faults.end(kind))
        return;
    VirtualReplica& mended = m_replicas[raw(replica)];
    if (kind == Kind::pause) {
        for (const RequestSlot slot : mended.served()) {
            VirtualRequest& request = m_requests[slot];
            request.endsAt = m_now + request.endsAt.time_since_epoch();
            m_events.push(request.endsAt, EventKind::serviceEnds, slot, request.generation);
        }
    }
    if (kind == Kind::flood) {
        mended.setIdleConnections(0);
        while (const auto next = mended.takeWaiting())
            serve(*next);
    }
    if (kind == Kind::blackHole) {
        for (const RequestSlot slot : std::exchange(trouble.held, {}))
            fault(slot, Fault::reset);
    }
}

void VirtualWorld::endFaults(ReplicaIndex replica)
{
    while (!m_troubles[raw(replica)].faults.empty())
        endFault(replica, m_troubles[raw(replica)].faults.all().back().fault.kind);
}

// A crash is over when the replica starts, which ends all the others.
void VirtualWorld::faultIsOver(ReplicaIndex replica, std::uint32_t number)
{
    const auto kind = m_troubles[raw(replica)].faults.kindOf(number);
    if (kind == Kind::crash)
        return start(replica);
    if (kind)
        endFault(replica, *kind);
}

// As an orchestrator does it: nobody has to notice.
void VirtualWorld::tellGone(ReplicaIndex replica)
{
    tell(replica, false);
    m_troubles[raw(replica)].toldGone = true;
}

// A balancer that does not wait for ever.
void VirtualWorld::watch(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    const Duration patience = tierAt(request).answerTimeout;
    if (patience > Duration::zero())
        m_events.push(std::max(m_now, request.assignedAt + patience), EventKind::timesOut, slot,
                      request.generation);
}

bool VirtualWorld::isHeldBack(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    ReplicaTrouble& trouble = m_troubles[raw(request.replica)];
    if (!m_replicas[raw(request.replica)].running())
        return false;
    if (!trouble.faults.empty() || tierAt(request).spec.answerTimeout)
        watch(slot);
    if (!trouble.faults.find(Kind::blackHole))
        return false;
    trouble.held.push_back(slot);
    return true;
}

void VirtualWorld::timesOut(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    if (!request.underWay)
        return;
    std::vector<RequestSlot>& held = m_troubles[raw(request.replica)].held;
    if (std::erase(held, slot) == 0) {
        if (const auto next = m_replicas[raw(request.replica)].withdraw(slot))
            serve(*next);
    }
    fault(slot, Fault::timedOut);
}

// The same luck decides at any replica, so that lanes stay comparable.
Duration VirtualWorld::demandInTrouble(const VirtualRequest& request, Duration demand) const
{
    const ActiveFaults& faults = m_troubles[raw(request.replica)].faults;
    if (faults.empty())
        return demand;
    return faults.demand(demand, m_now, draw(request, Purpose::replicaFault),
                         m_replicas[raw(request.replica)].spec().answerSize);
}

bool VirtualWorld::breaksInAnswer(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    const ActiveFaults& faults = m_troubles[raw(request.replica)].faults;
    if (!faults.strikes(Kind::reset, draw(request, Purpose::replicaFault)))
        return false;
    if (const auto next = m_replicas[raw(request.replica)].finish(slot))
        serve(*next);
    fault(slot, Fault::reset);
    return true;
}

void VirtualWorld::spoilAnswer(VirtualRequest& request) const
{
    const ActiveFaults& faults = m_troubles[raw(request.replica)].faults;
    if (faults.empty())
        return;
    if (faults.strikes(Kind::errors, draw(request, Purpose::replicaFault)))
        request.status = faults.fault(Kind::errors)->status;
    if (request.status == 101)
        return;
    // There is no body to spoil.
    if (m_balancers.front().methodOf(resourceOf(request)) == "HEAD")
        return;
    const int size = m_replicas[raw(request.replica)].spec().answerSize;
    if (faults.passes(size) < size) {
        request.failure = Failure::truncatedAnswer;
        return;
    }
    request.tail = faults.tail(size);
}

// A check is short, and is answered where a request would be; errors are of requests alone.
bool VirtualWorld::answersCheck(ReplicaIndex which, const HealthCheck& check) const
{
    const VirtualReplica& replica = m_replicas[raw(which)];
    if (!replica.running())
        return false;
    if (!m_troubled && !check.timeout)
        return true;
    const ActiveFaults& faults = m_troubles[raw(which)].faults;
    if (faults.failsChecks())
        return false;
    if ((check.timeout || faults.find(Kind::flood)) && replica.full())
        return false;
    if (!check.timeout)
        return true;
    const Intervention* latency = faults.fault(Kind::latency);
    const auto first = replica.firstWaiting();
    const Duration waits = first ? m_now - m_requests[*first].assignedAt : Duration::zero();
    return waits + (latency ? latency->time : Duration::zero()) <= *check.timeout;
}

} // namespace stickyscope
