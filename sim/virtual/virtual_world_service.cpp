// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The balancer's and the replicas' side of the virtual world.
#include "sim/dispatch/open_line.h"
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

void VirtualWorld::reachesBalancer(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    VirtualBalancer& balancer = balancerAt(request);
    if (request.cookie != noText && headTooLarge(slot))
        return;
    recall(request);
    if (!balancer.admits(request, m_now, m_texts)) {
        joinRules(request);
        return giveUp(slot, request.status);
    }
    if (m_namesConnections && request.ruleBefore == noText)
        countOnConnection(request);
    if (m_perConnection && comesOnOpenLine(request))
        return goOn(slot);
    if (!place(request, noReplica))
        return notPlaced(slot);
    goOn(slot);
}

// What time has changed of its servers is looked at before.
void VirtualWorld::recall(VirtualRequest& request)
{
    VirtualBalancer& balancer = balancerAt(request);
    readCookie(request);
    while (const auto back = balancer.takeBack(m_now, request.recall)) {
        const ReplicaIndex replica = replicaOf(request.balancer, *back);
        if (balancer.dispatcher().seemsUp(*back) && replica != noReplica)
            observeReplica(replica, ObservationKind::noticedUp);
        if (balancer.dispatcher().replicas()[*back].up)
            callIn(request.balancer, *back);
        readCookie(request);
    }
}

void VirtualWorld::countOnConnection(const VirtualRequest& request)
{
    VirtualClient& client = m_clients[raw(request.client)];
    if (client.namedFor == 0) {
        client.name = noText;
        client.namedFor = static_cast<std::uint32_t>(specOf(client).keepAlive);
    }
    --client.namedFor;
}

// Where connections are placed, a request on an open one goes where that one goes.
bool VirtualWorld::comesOnOpenLine(VirtualRequest& request)
{
    VirtualClient& client = m_clients[raw(request.client)];
    const auto same = [&](const VirtualReplica& replica) {
        return replica.running() && replica.incarnation() == client.lineIncarnation;
    };
    const bool goodFor = request.ruleBefore == noText && client.lineLeft > 0
        && (client.lineTo == noReplica || same(m_replicas[raw(client.lineTo)]));
    if (!goodFor)
        return false;
    --client.lineLeft;
    request.server = client.lineServer;
    request.ledger = Ledger::connection;
    request.bound = Bound::yes;
    balancerAt(request).assigned(request, m_now);
    explain(request, &onOpenLine);
    return true;
}

bool VirtualWorld::place(VirtualRequest& request, ReplicaIndex avoid)
{
    Circumstances circumstances {.draw = draw(request, Purpose::balancerChoice),
                                 .now = m_now,
                                 .avoid = avoid,
                                 .wall = wall(),
                                 .ticket = static_cast<RequestSlot>(&request - m_requests.data())};
    if (balancerAt(request).dispatcher().wantsSource())
        circumstances.source = (*m_sources)[raw(request.client)];
    // Those behind the first have connections of their own.
    TextId* const name = m_namesConnections && request.ruleBefore == noText
            && balancerAt(request).dispatcher().mustName(request.recall, circumstances)
        ? &m_clients[raw(request.client)].name
        : nullptr;
    if (name && request.issued == noText)
        request.issued = *name;
    const bool placed =
        balancerAt(request).place(request, circumstances, m_texts, resourceOf(request));
    if (name)
        *name = request.issued;
    joinRules(request);
    if (!placed)
        return false;
    if (m_sharesSessions)
        tellBeside(request, [&](VirtualBalancer& other) {
            other.hearPlaced(request, circumstances.source, wall());
        });
    if (m_perConnection && request.ruleBefore == noText) {
        VirtualClient& client = m_clients[raw(request.client)];
        const ReplicaIndex replica = replicaOf(request.balancer, request.server);
        client.lineTo = replica;
        client.lineServer = request.server;
        client.lineIncarnation = replica == noReplica ? 0 : m_replicas[raw(replica)].incarnation();
        client.lineLeft = static_cast<std::uint32_t>(specOf(client).keepAlive - 1);
    }
    return true;
}

void VirtualWorld::forward(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    if (m_flightsObserved)
        observe(about(request, ObservationKind::placed));
    if (m_troubled && isHeldBack(slot))
        return;
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
    VirtualRequest& request = m_requests[slot];
    // The demand belongs to the request, whichever attempt and replica it is served by.
    Draw draw = m_chance.draw(request.client, request.ordinal, Purpose::serviceTime);
    Duration demand = m_replicas[raw(request.replica)].serviceTime()(draw);
    if (m_troubled) {
        demand = demandInTrouble(request, demand);
        if (m_troubles[raw(request.replica)].faults.find(Intervention::Kind::pause)) {
            request.endsAt = Instant {demand};
            return;
        }
    }
    request.endsAt = m_now + demand;
    m_events.push(request.endsAt, EventKind::serviceEnds, slot, request.generation);
}

void VirtualWorld::serviceEnds(RequestSlot slot)
{
    if (m_troubled && breaksInAnswer(slot))
        return;
    VirtualRequest& request = m_requests[slot];
    VirtualReplica& replica = m_replicas[raw(request.replica)];
    const VirtualClient& client = m_clients[raw(request.client)];
    const ClientKind kind = specOf(client).kind;
    request.incarnation = replica.incarnation();
    request.status = request.upgrades ? 101 : 200;
    if (m_applicationSpeaks) {
        const SessionMark mark = judgeSession(client, request);
        if (mark == SessionMark::broken)
            request.status = static_cast<std::uint16_t>(statusWithoutSession(kind));
        if (mark != SessionMark::met && !m_scenario->sessionCookie.empty())
            setSessionCookie(request);
        request.begins = mark == SessionMark::begins ? newSession(request) : noText;
    }
    if (m_hasPathCookies)
        setPathCookie(request);
    if (m_troubled)
        spoilAnswer(request);
    if (isRejected(slot))
        return;
    request.servedAfter = m_now - request.assignedAt;
    const int size = replica.spec().answerSize;
    const std::int64_t passed = request.end() == AnswerEnd::whole
        ? size
        : m_troubles[raw(request.replica)].faults.passes(size);
    // A WebSocket stays a connection of its server's until it is closed.
    if (!staysOpen(request))
        release(request,
                {.took = request.servedAfter,
                 .status = request.status,
                 .octets = static_cast<std::uint64_t>(passed),
                 .end = request.end()});
    if (const auto next = replica.finish(slot))
        serve(*next);
    sendBack(slot, Origin::replica);
}

TextId VirtualWorld::newSession(const VirtualRequest& request)
{
    const VirtualClient& client = m_clients[raw(request.client)];
    if (sessionPlaceOf(specOf(client).kind).in == SessionPlace::In::nowhere)
        return noText;
    return m_texts.intern(nameOfSession(request.client, request.ordinal,
                                        m_scenario->replicas[raw(request.replica)].name));
}

void VirtualWorld::setSessionCookie(VirtualRequest& request)
{
    request.ownCookie = m_texts.intern(sessionCookieOf(request.client, request.ordinal,
                                                       m_scenario->replicas[raw(request.replica)]));
}

std::string VirtualWorld::sessionCookieOf(ClientIndex client, std::uint32_t ordinal,
                                          const ReplicaSpec& replica) const
{
    std::string value = "s" + std::to_string(raw(client)) + "n" + std::to_string(ordinal);
    if (const std::string route = replica.route.value_or(replica.name);
        m_scenario->sessionRoute && !route.empty())
        value += "." + route;
    return m_scenario->sessionCookie + "=" + value + "; Path=/; HttpOnly";
}

// One of its own for each path, all for the whole host: such as a login page's for each return
// address. Who has it already does not get it again.
void VirtualWorld::setPathCookie(VirtualRequest& request)
{
    const std::string name = "page" + std::to_string(resourceOf(request)) + "=";
    if (m_texts.text(request.sentCookie).find(name) != std::string::npos)
        return;
    std::string lines = m_texts.text(request.ownCookie);
    lines.append(lines.empty() ? "" : "\n").append(name);
    lines.append(static_cast<std::size_t>(m_scenario->pathCookies), 'x').append("; Path=/");
    request.ownCookie = m_texts.intern(std::move(lines));
}

// What counts here is what grows: the cookies, the address and the host.
bool VirtualWorld::headTooLarge(RequestSlot slot)
{
    VirtualRequest& request = m_requests[slot];
    const HeadLimit& limit = tierAt(request).head;
    if (limit.octets == 0)
        return false;
    std::size_t size = m_texts.text(request.cookie).size() + std::string_view("Cookie: ").size();
    if (size <= limit.octets && !limit.ofOneField) {
        const http::Url& url = (*m_urls)[resourceOf(request)];
        size += url.target().size() + url.authority().size()
            + std::string_view("GET  HTTP/1.1\r\nHost: \r\n\r\n\r\n").size();
    }
    if (size <= limit.octets)
        return false;
    explain(request, limit.rule);
    giveUp(slot, limit.status);
    return true;
}

// What a cache in front does with the answer's cookies.
void VirtualWorld::passCache(VirtualRequest& request)
{
    if (m_scenario->cache == CacheCookies::strip) {
        request.setCookie = noText;
        return;
    }
    TextId& kept = m_cached[m_pages[resourceOf(request)]];
    if (kept == noText && !request.isPrivate)
        kept = request.setCookie;
    // Who has no cookie yet gets the page from the cache, and with it somebody's cookie.
    if (kept != noText && request.sentCookie == noText && !request.isPrivate)
        request.setCookie = kept;
}

void VirtualWorld::sendBack(RequestSlot slot, Origin origin)
{
    VirtualRequest& request = m_requests[slot];
    request.underWay = false;
    if (origin == Origin::balancer)
        request.begins = noText;
    remember(request,
             {.resource = resourceOf(request),
              .origin = origin,
              .now = wall(),
              .fromServer = origin == Origin::replica ? request.ownCookie : noText,
              .earlier = request.setCookie});
    if (!staysOpen(request))
        balancerAt(request).ended(request, request.status, m_now, request.end());
    if (!m_flat)
        leave(slot);
    if (request.cut) {
        request.failure = Failure::connectionReset;
        request.setCookie = noText;
    }
    if (m_hasCache)
        passCache(request);
    const Duration back = m_halfTravel + request.tail;
    if (m_flightsObserved) {
        Observation served = about(request, ObservationKind::served);
        served.value = back;
        observe(served);
    }
    if (back == Duration::zero())
        return receive(slot);
    m_events.push(m_now + back, EventKind::reachesClient, slot);
}

} // namespace stickyscope
