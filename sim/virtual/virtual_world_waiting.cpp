// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that wait at a balancer, because servers take only so many at once.
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

void VirtualWorld::notPlaced(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    VirtualBalancer& balancer = balancerAt(request);
    if (!request.waits) {
        const OnFailure next = balancer.foundNone(request, m_now - request.sentAt - m_halfTravel);
        if (next.action == OnFailure::Action::giveUp)
            return giveUp(slot, next.status);
        explain(request, next.rule);
        ++request.attempt;
        return m_events.push(m_now + next.wait, EventKind::placesAnew, slot);
    }
    const Duration patience = balancer.dispatcher().serverLimit().patience;
    if (patience == Duration::zero())
        return;
    m_events.push(m_now + patience, EventKind::waitEnds, slot, request.generation);
}

void VirtualWorld::release(const VirtualVisit& visit, VirtualBalancer::HowLong how)
{
    leave(visit, how);
    callIn(visit.balancer, visit.server);
}

// What is learnt from it may take the server out of use, or back.
void VirtualWorld::leave(const VirtualVisit& visit, VirtualBalancer::HowLong how)
{
    VirtualBalancer& balancer = balancerAt(visit);
    const bool wasUp = balancer.dispatcher().seemsUp(visit.server);
    balancer.released(visit, how, m_now);
    const ReplicaIndex replica = replicaOf(visit.balancer, visit.server);
    const bool isUp = balancer.dispatcher().seemsUp(visit.server);
    if (wasUp != isUp && replica != noReplica)
        observeReplica(replica, isUp ? ObservationKind::noticedUp : ObservationKind::noticedDown);
}

// What follows for each of them happens by an event of its own: whoever calls is in the middle of
// another request.
void VirtualWorld::callIn(std::uint8_t number, ReplicaIndex server)
{
    VirtualBalancer& balancer = m_balancers[number];
    if (!balancer.dispatcher().limitsServers())
        return;
    while (const auto slot = balancer.leftBehind())
        stopWaiting(*slot, EventKind::placesAnew);
    while (const auto slot = balancer.callIn(server, m_now)) {
        balancer.calledIn(m_requests[*slot], server, m_now);
        stopWaiting(*slot, EventKind::triesAgain);
    }
}

void VirtualWorld::stopWaiting(RequestSlot slot, EventKind next)
{
    m_requests[slot].waits = false;
    ++m_requests[slot].generation;
    m_events.push(m_now, next, slot);
}

void VirtualWorld::placeAnew(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    recall(request);
    if (!place(request, noReplica))
        return notPlaced(slot);
    goOn(slot);
}

void VirtualWorld::waitedInVain(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    VirtualBalancer& balancer = balancerAt(request);
    request.waits = false;
    ++request.generation;
    balancer.waitsNoMore(slot);
    const ServerLimit& limit = balancer.dispatcher().serverLimit();
    explain(request, limit.waitedInVain);
    if (limit.taken) {
        request.replica = replicaOf(request.balancer, request.server);
        return afterFault(slot, Fault::refused);
    }
    giveUp(slot, limit.statusInVain);
}

} // namespace stickyscope
