// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a request whose server failed.
#include "sim/model/balancer_failure.h"
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

void VirtualWorld::fault(RequestSlot slot, Fault fault)
{
    VirtualRequest& request = m_requests[slot];
    ++request.generation; // what was to happen to this attempt does not
    leave(request, {.took = m_now - request.assignedAt, .answered = false});
    afterFault(slot, fault);
}

Attempt VirtualWorld::attemptOf(const VirtualRequest& request, Fault fault)
{
    return balancerAt(request).attempt(fault, request, resourceOf(request),
                                       m_now - request.sentAt - m_halfTravel);
}

// An answer that its balancer does not pass on: it is as good as none.
bool VirtualWorld::isRejected(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    if (!balancerAt(request).rejects(attemptOf(request, Fault::answered)))
        return false;
    request.ownCookie = noText;
    request.failure = Failure::none;
    request.tail = {};
    if (const auto next = m_replicas[raw(request.replica)].finish(slot))
        serve(*next);
    fault(slot, Fault::answered);
    return true;
}

void VirtualWorld::afterFault(RequestSlot slot, Fault fault)
{
    VirtualRequest& request = m_requests[slot];
    VirtualBalancer& balancer = balancerAt(request);
    const bool wasUp = balancer.dispatcher().seemsUp(request.server);
    const OnFailure next = balancer.failed(request, attemptOf(request, fault), m_now);
    if (wasUp && !balancer.dispatcher().seemsUp(request.server) && request.replica != noReplica)
        observeReplica(request.replica, ObservationKind::noticedDown);
    if (next.action != OnFailure::Action::sameAgain)
        callIn(request.balancer, request.server);
    if (next.action == OnFailure::Action::giveUp) {
        explain(request, next.rule);
        if (next.wait == Duration::zero())
            return giveUp(slot, next.status);
        request.status = static_cast<std::uint16_t>(next.status);
        return m_events.push(m_now + next.wait, EventKind::givesUp, slot);
    }
    if (balancer.dispatcher().cookieOfEachAttempt())
        remember(request,
                 {.resource = resourceOf(request),
                  .origin = Origin::balancer,
                  .now = wall(),
                  .earlier = request.setCookie});
    ++request.attempt;
    request.retried = true;
    explain(request, next.rule);
    EventKind then = EventKind::triesElsewhere;
    if (next.action == OnFailure::Action::anew)
        then = EventKind::triesAnew;
    if (next.action == OnFailure::Action::sameAgain) {
        // While it waits, its place there is taken.
        balancer.assigned(request, m_now);
        then = EventKind::triesAgain;
    }
    if (next.wait == Duration::zero())
        return tryAgain(slot, then);
    m_events.push(m_now + next.wait, then, slot);
}

// Who it goes to is chosen when it goes.
void VirtualWorld::tryAgain(RequestSlot slot, EventKind how)
{
    if (how == EventKind::triesAgain)
        return goOn(slot);
    VirtualRequest& request = m_requests[slot];
    const TextId rule = request.rule;
    const bool anew = how == EventKind::triesAnew;
    if (anew)
        recall(request);
    if (!place(request, anew ? noReplica : request.server))
        return notPlaced(slot);
    request.rule = rule;
    goOn(slot);
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
