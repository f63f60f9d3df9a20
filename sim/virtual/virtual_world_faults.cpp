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
        return running ? endFaults(replica) : void();
    case Kind::crash:
        return crash(replica, intervention.lasts);
    default:
        return startFault(replica, intervention);
    }
}

void VirtualWorld::startFault(ReplicaIndex replica, const Intervention& fault)
{
    m_troubled = true;
    ReplicaTrouble& trouble = m_troubles[raw(replica)];
    VirtualReplica& troubled = m_replicas[raw(replica)];
    const bool wasPaused = trouble.find(Kind::pause) != nullptr;
    std::erase_if(trouble.active, [&](const auto& one) { return one.fault.kind == fault.kind; });
    trouble.active.push_back({.fault = fault, .since = m_now, .number = ++trouble.begun});
    if (fault.lasts > Duration::zero())
        m_events.push(m_now + fault.lasts, EventKind::faultEnds, raw(replica), trouble.begun);
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
    if (!trouble.find(kind))
        return;
    std::erase_if(trouble.active, [kind](const auto& one) { return one.fault.kind == kind; });
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
    while (!m_troubles[raw(replica)].active.empty())
        endFault(replica, m_troubles[raw(replica)].active.back().fault.kind);
}

void VirtualWorld::crash(ReplicaIndex replica, Duration lasts)
{
    stop(replica);
    m_events.push(m_now + lasts, EventKind::replicaRestarts, raw(replica),
                  m_replicas[raw(replica)].incarnation());
}

// As an orchestrator does it: nobody has to notice.
void VirtualWorld::scaleToZero()
{
    for (std::uint32_t index = 0; index < m_replicas.size(); ++index) {
        const auto replica = static_cast<ReplicaIndex>(index);
        tell(replica, false);
        m_troubles[index].toldGone = true;
    }
    for (std::uint32_t index = 0; index < m_replicas.size(); ++index)
        stop(static_cast<ReplicaIndex>(index));
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
    if (!trouble.active.empty() || tierAt(request).spec.answerTimeout)
        watch(slot);
    if (!trouble.find(Kind::blackHole))
        return false;
    trouble.held.push_back(slot);
    return true;
}

void VirtualWorld::timesOut(RequestSlot slot)
{
    static constexpr Rule tooLate {
        "The server has not answered for as long as the balancer waits, which answers itself.",
        "RFC 9110 15.6.5: 504 Gateway Timeout"};
    VirtualRequest& request = m_requests[slot];
    if (!request.underWay)
        return;
    std::vector<RequestSlot>& held = m_troubles[raw(request.replica)].held;
    if (std::erase(held, slot) == 0) {
        if (const auto next = m_replicas[raw(request.replica)].withdraw(slot))
            serve(*next);
    }
    if (balancerAt(request).dispatcher().product().retriesTimeouts)
        return fault(slot, Fault::timedOut);
    ++request.generation;
    release(request, {.took = m_now - request.assignedAt, .answered = false});
    explain(request, &tooLate);
    giveUp(slot, 504);
}

Duration VirtualWorld::demandInTrouble(const VirtualRequest& request, Duration demand) const
{
    const ReplicaTrouble& trouble = m_troubles[raw(request.replica)];
    if (trouble.active.empty())
        return demand;
    if (const auto* slow = trouble.find(Kind::slowStart)) {
        const double left = 1
            - static_cast<double>((m_now - slow->since).count())
                / static_cast<double>(slow->fault.lasts.count());
        const double times = static_cast<double>(slow->fault.amount) / 1e3;
        demand = Duration {static_cast<Duration::rep>(static_cast<double>(demand.count())
                                                      * (1 + (times - 1) * std::max(left, 0.0)))};
    }
    if (const Intervention* latency = trouble.fault(Kind::latency)) {
        Draw luck = draw(request, Purpose::replicaFault);
        luck(); // the first is for what strikes only some
        const double swing = 2 * luck.unit() - 1;
        const Duration jitter {
            static_cast<Duration::rep>(swing * static_cast<double>(latency->jitter.count()))};
        demand += std::max(latency->time + jitter, Duration::zero());
    }
    if (const Intervention* narrow = trouble.fault(Kind::bandwidth)) {
        const std::int64_t size = m_replicas[raw(request.replica)].spec().answerSize;
        demand += Duration {std::chrono::seconds(1)} * size / narrow->amount;
    }
    return demand;
}

// The same luck decides at any replica, so that lanes stay comparable.
bool VirtualWorld::strikes(const VirtualRequest& request, const Intervention* fault) const
{
    constexpr std::uint32_t million = 1'000'000;
    if (!fault)
        return false;
    Draw luck = draw(request, Purpose::replicaFault);
    return static_cast<std::int64_t>(luck.below(million)) < fault->amount;
}

bool VirtualWorld::breaksInAnswer(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    if (!strikes(request, m_troubles[raw(request.replica)].fault(Kind::reset)))
        return false;
    if (const auto next = m_replicas[raw(request.replica)].finish(slot))
        serve(*next);
    fault(slot, Fault::reset);
    return true;
}

void VirtualWorld::spoilAnswer(VirtualRequest& request) const
{
    const ReplicaTrouble& trouble = m_troubles[raw(request.replica)];
    if (trouble.active.empty())
        return;
    const Intervention* errors = trouble.fault(Kind::errors);
    if (strikes(request, errors))
        request.status = errors->status;
    const Intervention* limit = trouble.fault(Kind::limitData);
    if (limit && request.status != 101
        && m_replicas[raw(request.replica)].spec().answerSize > limit->amount)
        request.failure = Failure::truncatedAnswer;
}

// A check is short, and is answered where a request would be; errors are of requests alone.
bool VirtualWorld::answersCheck(ReplicaIndex which, const HealthCheck& check) const
{
    const VirtualReplica& replica = m_replicas[raw(which)];
    if (!replica.running())
        return false;
    if (!m_troubled && !check.timeout)
        return true;
    const ReplicaTrouble& trouble = m_troubles[raw(which)];
    const Intervention* reset = trouble.fault(Kind::reset);
    if (trouble.find(Kind::blackHole) || trouble.find(Kind::pause)
        || (reset && reset->amount == 1'000'000))
        return false;
    if ((check.timeout || trouble.find(Kind::flood)) && replica.full())
        return false;
    if (!check.timeout)
        return true;
    const Intervention* latency = trouble.fault(Kind::latency);
    const auto first = replica.firstWaiting();
    const Duration waits = first ? m_now - m_requests[*first].assignedAt : Duration::zero();
    return waits + (latency ? latency->time : Duration::zero()) <= *check.timeout;
}

} // namespace stickyscope
