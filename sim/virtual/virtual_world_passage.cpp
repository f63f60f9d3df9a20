// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A request on its way through balancers that stand behind one another, and its answer back.
#include "sim/model/balancer_instances.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>

namespace stickyscope {

std::uint8_t VirtualWorld::drawBalancer(const VirtualRequest& request, std::uint8_t place) const
{
    const BalancerTier& tier = m_tiers[place];
    return static_cast<std::uint8_t>(
        tier.first + drawnInstance(tier.spec, m_chance, request.client, request.ordinal, place));
}

VirtualBalancer::Asker VirtualWorld::askerOf(const VirtualRequest& request) const
{
    VirtualBalancer::Asker asker {resourceOf(request), {}, request.carried, request.session};
    // Addresses lie far apart in memory: they are read where somebody looks at them.
    if (m_looksAtSource)
        asker.source = (*m_sources)[raw(request.client)];
    return asker;
}

void VirtualWorld::readCookie(VirtualRequest& request)
{
    request.recall = balancerAt(request).recall(request.cookie, askerOf(request), m_texts, wall());
    request.cookieIn = request.recall.state;
    request.pointsTo = replicaOf(request.balancer, request.recall.names);
}

// Behind the balancer that has placed it stands a replica, or another balancer.
void VirtualWorld::goOn(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    request.replica = replicaOf(request.balancer, request.server);
    if (request.replica != noReplica)
        return forward(slot);
    enter(slot, tierAt(request).members[raw(request.server)].tier);
}

void VirtualWorld::enter(RequestSlot slot, std::uint8_t tier)
{
    VirtualRequest& request = m_requests[slot];
    if (m_visits.size() <= slot)
        m_visits.resize(slot + 1);
    const VirtualVisit& outer = request;
    m_visits[slot].push_back(outer);
    const std::uint8_t next = drawBalancer(request, tier);
    observePassedOn(request, next);
    const TextId cookie = balancerAt(request).forwarded(request.cookie, m_texts);
    static_cast<VirtualVisit&>(request) = {
        .cookie = cookie, .ruleBefore = request.rule, .balancer = next};
    reachesBalancer(slot);
}

// The answer comes back through those in front; for each it is an answer of its server. Of an open
// WebSocket all views are kept, until it is closed.
void VirtualWorld::leave(RequestSlot slot)
{
    if (slot >= m_visits.size() || m_visits[slot].empty())
        return;
    VirtualRequest& request = m_requests[slot];
    std::vector<VirtualVisit>& visits = m_visits[slot];
    const bool held = staysOpen(request);
    const VirtualVisit& view = request;
    const VirtualVisit inner = view;
    for (std::size_t place = visits.size(); place-- > 0;) {
        const VirtualVisit& visit = visits[place];
        static_cast<VirtualVisit&>(request) = visit;
        if (!held) {
            release(
                visit,
                {.took = m_now - visit.assignedAt, .status = request.status, .end = request.end()});
            balancerAt(request).ended(visit, request.status, m_now, request.end());
        }
        remember(request,
                 {.resource = resourceOf(request), .now = wall(), .fromServer = request.setCookie});
    }
    if (held)
        visits.push_back(inner);
    else
        visits.clear();
}

// An open WebSocket has ended.
void VirtualWorld::releaseSocket(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    const VirtualBalancer::HowLong served {.took = request.servedAfter};
    const auto let = [&](const VirtualVisit& visit) {
        balancerAt(visit).closed(
            visit,
            {.resource = resourceOf(request), .now = wall(), .fromServer = request.ownCookie},
            askerOf(request), m_texts);
        release(visit, served);
        balancerAt(visit).ended(visit, request.status, m_now, request.end());
    };
    m_freeSlots.push_back(slot);
    if (slot >= m_visits.size() || m_visits[slot].empty())
        return let(request);
    for (const VirtualVisit& visit : m_visits[slot])
        let(visit);
    m_visits[slot].clear();
}

void VirtualWorld::tellBeside(const VirtualRequest& request,
                              const std::function<void(VirtualBalancer&)>& tell)
{
    const BalancerTier& tier = tierAt(request);
    for (int number = 0; tier.spec.sharedSessions && number < tier.spec.count; ++number) {
        if (tier.first + number != request.balancer)
            tell(m_balancers[tier.first + number]);
    }
}

void VirtualWorld::remember(VirtualRequest& request, VirtualBalancer::Answer answer)
{
    if (m_looksAtSource)
        answer.source = (*m_sources)[raw(request.client)];
    if (m_sharesSessions)
        tellBeside(request,
                   [&](VirtualBalancer& other) { other.hearAnswered(request, answer, m_texts); });
    balancerAt(request).remember(request, answer, m_texts);
}

void VirtualWorld::explain(VirtualRequest& request, const Rule* rule)
{
    balancerAt(request).explain(request, rule, m_texts);
    joinRules(request);
}

// Where several balancers in a row decide, the reason is all of theirs.
void VirtualWorld::joinWithRuleBefore(VirtualRequest& request)
{
    const std::string before = whereWritten(request.ruleBefore);
    const std::string last = whereWritten(request.rule);
    const std::string written = before == last ? last : before + "; " + last;
    request.rule =
        m_texts.intern(m_texts.text(request.ruleBefore) + " Then: " + m_texts.text(request.rule));
    const bool known = std::any_of(m_joinedRules.begin(), m_joinedRules.end(),
                                   [&](const auto& row) { return row.first == request.rule; });
    if (!known)
        m_joinedRules.emplace_back(request.rule, written);
}

std::string VirtualWorld::whereWritten(TextId rule) const
{
    for (const VirtualBalancer& balancer : m_balancers) {
        if (const Rule* known = balancer.ruleOf(rule))
            return std::string(known->source);
    }
    const auto joined = std::find_if(m_joinedRules.begin(), m_joinedRules.end(),
                                     [rule](const auto& row) { return row.first == rule; });
    return joined == m_joinedRules.end() ? std::string() : joined->second;
}

// The replica that a cookie names on its way through the balancers.
ReplicaIndex VirtualWorld::whereCookieLeads(const VirtualRequest& request)
{
    std::uint8_t number = request.balancer;
    TextId cookie = request.cookie;
    while (true) {
        const ReplicaIndex names =
            m_balancers[number].recall(cookie, askerOf(request), m_texts, wall()).names;
        const ReplicaIndex replica = replicaOf(number, names);
        if (replica != noReplica || names == noReplica || m_flat)
            return replica;
        cookie = m_balancers[number].forwarded(cookie, m_texts);
        number = drawBalancer(request, m_tiers[m_tierOf[number]].members[raw(names)].tier);
    }
}

} // namespace stickyscope
