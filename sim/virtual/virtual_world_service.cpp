// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The balancer's and the replicas' side of the virtual world.
#include "sim/model/balancer_failure.h"
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

void VirtualWorld::reachesBalancer(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    request.recall = m_balancer.recall(request.cookie, askerOf(request.client), m_texts, wall());
    while (const auto back = m_balancer.takeBack(m_now, request.recall)) {
        if (m_balancer.dispatcher().replicas()[*back].up)
            observeReplica(*back, ObservationKind::noticedUp);
        request.recall =
            m_balancer.recall(request.cookie, askerOf(request.client), m_texts, wall());
    }
    if (!place(request, noReplica))
        return giveUp(slot, request.status);
    forward(slot);
}

bool VirtualWorld::place(VirtualRequest& request, ReplicaIndex avoid)
{
    Circumstances circumstances {.draw = draw(request, Purpose::balancerChoice),
                                 .now = m_now,
                                 .avoid = avoid,
                                 .wall = wall()};
    if (m_balancer.dispatcher().wantsSource())
        circumstances.source = (*m_sources)[raw(request.client)];
    return m_balancer.place(request, circumstances, m_texts);
}

void VirtualWorld::forward(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    if (m_flightsObserved)
        observe(about(request, ObservationKind::placed));
    switch (m_replicas[raw(request.replica)].admit(slot)) {
    case VirtualReplica::Admission::serving:
        return serve(slot);
    case VirtualReplica::Admission::waiting:
        return;
    case VirtualReplica::Admission::refused:
        return fault(slot, Fault::refused);
    }
}

void VirtualWorld::serve(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    // The demand belongs to the request, whichever attempt and replica it is served by.
    Draw draw = m_chance.draw(request.client, request.ordinal, Purpose::serviceTime);
    const Duration demand = m_replicas[raw(request.replica)].serviceTime()(draw);
    m_events.push(m_now + demand, EventKind::serviceEnds, slot, request.generation);
}

void VirtualWorld::serviceEnds(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    VirtualReplica& replica = m_replicas[raw(request.replica)];
    request.incarnation = replica.incarnation();
    request.status =
        specOf(m_clients[raw(request.client)]).kind == ClientKind::websocket ? 101 : 200;
    m_balancer.released(request, true, m_now);
    if (const auto next = replica.finish(slot))
        serve(*next);
    sendBack(slot, Origin::replica);
}

void VirtualWorld::sendBack(RequestSlot slot, Origin origin)
{
    VirtualRequest& request = m_requests[slot];
    m_balancer.remember(request, groupOf(request), origin, m_texts, wall());
    if (m_flightsObserved) {
        Observation served = about(request, ObservationKind::served);
        served.value = m_halfTravel;
        observe(served);
    }
    if (m_halfTravel == Duration::zero())
        return receive(slot);
    m_events.push(m_now + m_halfTravel, EventKind::reachesClient, slot);
}

void VirtualWorld::fault(RequestSlot slot, Fault fault)
{
    VirtualRequest& request = m_requests[slot];
    m_balancer.released(request, false, m_now);
    const ReplicaIndex replica = request.replica;
    const bool wasUp = m_balancer.dispatcher().replicas()[replica].up;
    const OnFailure next =
        m_balancer.failed(fault, request, m_now - request.sentAt - m_halfTravel, m_now);
    if (wasUp && !m_balancer.dispatcher().replicas()[replica].up)
        observeReplica(replica, ObservationKind::noticedDown);
    if (next.action == OnFailure::Action::giveUp) {
        m_balancer.explain(request, next.rule, m_texts);
        return giveUp(slot, next.status);
    }
    if (m_balancer.dispatcher().cookieOfEachAttempt())
        m_balancer.remember(request, groupOf(request), Origin::balancer, m_texts, wall());
    ++request.attempt;
    if (next.action == OnFailure::Action::sameAgain) {
        m_balancer.assigned(request, m_now);
    } else {
        const bool anew = next.action == OnFailure::Action::anew;
        if (anew)
            request.recall =
                m_balancer.recall(request.cookie, askerOf(request.client), m_texts, wall());
        if (!place(request, anew ? noReplica : request.replica))
            return giveUp(slot, request.status);
    }
    m_balancer.explain(request, next.rule, m_texts);
    if (next.wait == Duration::zero())
        return forward(slot);
    m_events.push(m_now + next.wait, EventKind::triesAgain, slot);
}

void VirtualWorld::giveUp(RequestSlot slot, int status)
{
    VirtualRequest& request = m_requests[slot];
    request.status = static_cast<std::uint16_t>(status);
    request.failure =
        balancerFailure(status, status == 0 ? Failure::connectionRefused : Failure::other);
    sendBack(slot, Origin::balancer);
}

} // namespace stickyscope
