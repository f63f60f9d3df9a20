// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The clients' side of the virtual world: sending, receiving, sessions, WebSockets.
#include "sim/http/jar_mishaps.h"
#include "sim/model/follow_up.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>

namespace stickyscope {

void VirtualWorld::refreshCookie(VirtualClient& client)
{
    const std::string& given = m_sites[client.group].given;
    if (client.jar == VirtualClient::noJar) {
        if (!given.empty() && client.cookie == noText)
            client.cookie = m_texts.intern(given);
        return;
    }
    http::CookieJar& jar = m_jars[client.jar];
    const std::uint32_t resource = resourceOf(client, client.ordinal);
    if (jar.version() == client.cookieVersion && resource == client.cookieResource
        && m_now < client.cookieGoodUntil)
        return;
    std::string cookies = jar.cookieFor((*m_urls)[resource], wall(), m_sites[client.group].context);
    if (specOf(client).stripsQuotes)
        cookies = http::withoutQuotes(cookies);
    if (!given.empty())
        cookies = given + (cookies.empty() ? "" : "; ") + cookies;
    client.cookie = m_texts.intern(std::move(cookies));
    client.cookieVersion = jar.version();
    client.cookieResource = resource;
    client.cookieGoodUntil = Instant::max();
    if (const auto expiry = jar.nextExpiry())
        client.cookieGoodUntil = std::max(m_now, Instant(*expiry - m_scenario->starts));
}

void VirtualWorld::clientSends(ClientIndex index, bool extra)
{
    VirtualClient& client = m_clients[raw(index)];
    refreshCookie(client);
    const RequestSlot slot = takeSlot();
    VirtualRequest& request = m_requests[slot];
    const std::uint32_t generation = request.generation + 1;
    request = {};
    request.sentAt = m_now;
    request.client = index;
    request.ordinal = client.ordinal++;
    request.generation = generation;
    request.cookie = client.cookie;
    request.sentCookie = client.cookie;
    request.carried = client.carried;
    request.session = client.session;
    request.extra = extra;
    const ClientSpec& spec = specOf(client);
    request.upgrades = spec.kind == ClientKind::websocket
        || (spec.upgradeAfter > 0 && !extra && client.holder != noReplica
            && client.sessionAnswered >= static_cast<std::uint32_t>(spec.upgradeAfter));
    request.underWay = true;
    if (m_balancers.size() > 1)
        request.balancer = drawBalancer(request, m_entries[resourceOf(request)]);
    if (m_flightsObserved) {
        Observation sent = about(request, ObservationKind::sent);
        sent.value = m_halfTravel;
        sent.pointsTo = whereCookieLeads(request);
        if (m_balancers.size() > 1)
            sent.status = static_cast<std::uint16_t>(request.balancer + 1);
        observe(sent);
        noteCookies(index);
    }
    if (m_sites[client.group].open && !extra)
        scheduleNext(index, request.ordinal);
    if (m_halfTravel == Duration::zero())
        return reachesBalancer(slot);
    m_events.push(m_now + m_halfTravel, EventKind::reachesBalancer, slot);
}

SessionMark VirtualWorld::judgeSession(const VirtualClient& client,
                                       const VirtualRequest& request) const
{
    if (request.session == noText && (client.session != noText || client.holder == noReplica))
        return SessionMark::begins;
    const bool there = request.session == client.session && client.holder == request.replica
        && client.holderIncarnation == request.incarnation;
    return followUpAt(m_replicas[raw(request.replica)].sessions(), there);
}

SessionMark VirtualWorld::continueSession(VirtualClient& client, const VirtualRequest& request)
{
    const SessionMark mark = judgeSession(client, request);
    // One of an earlier session, side by side with those of this one, says nothing of it.
    const bool earlier = mark == SessionMark::broken && request.session != client.session;
    if (mark == SessionMark::broken && !client.sessionLost && !earlier) {
        loseSession(request.client);
        m_pending.back().ledger = Ledger::fresh; // lost by routing, not by a stop
    }
    if (mark == SessionMark::met || earlier)
        return mark;
    client.endSession();
    // Who was refused begins another one with the next request.
    if (mark == SessionMark::broken && statusWithoutSession(specOf(client).kind) != 200)
        return mark;
    client.session = request.begins;
    client.holder = request.replica;
    client.holderIncarnation = request.incarnation;
    return mark;
}

std::string VirtualWorld::whatBecomesOf(std::string_view fields, ClientIndex index,
                                        std::uint32_t ordinal) const
{
    const VirtualClient& client = m_clients[raw(index)];
    if (specOf(client).jar == JarKind::none || fields.empty())
        return {};
    if (!m_sites[client.group].cookies)
        return "keeps none: it asks another origin without credentials (Fetch 2.2.5)";
    http::CookieJar jar;
    std::string lines;
    while (!fields.empty()) {
        const auto end = std::min(fields.find('\n'), fields.size());
        const auto report =
            jar.receive(fields.substr(0, end), (*m_urls)[resourceOf(client, ordinal)], wall(),
                        m_sites[client.group].context);
        lines.append(lines.empty() ? "" : "\n").append(http::reasonFor(report.fate));
        fields.remove_prefix(std::min(end + 1, fields.size()));
    }
    return lines;
}

void VirtualWorld::receiveCookies(http::CookieJar& jar, TextId fields, std::uint32_t group,
                                  std::uint32_t resource) const
{
    std::string_view left = m_texts.text(fields);
    while (!left.empty()) {
        const auto end = std::min(left.find('\n'), left.size());
        jar.receive(left.substr(0, end), (*m_urls)[resource], wall(), m_sites[group].context);
        left.remove_prefix(std::min(end + 1, left.size()));
    }
}

// Of several balancers' cookies the pictures tell by the jar itself: see noteCookies().
CookieOut VirtualWorld::whatIsKept(const VirtualClient& client, const VirtualRequest& request) const
{
    const CookieOut out = request.cookieOut;
    if (out == CookieOut::none || out == CookieOut::deleted || m_balancers.size() > 1)
        return out;
    const bool kept = client.jar != VirtualClient::noJar
        && m_jars[client.jar].wouldSend(m_balancers.front().dispatcher().cookieName(),
                                        (*m_urls)[resourceOf(request)], wall(),
                                        m_sites[client.group].context);
    return kept ? out : CookieOut::notKept;
}

void VirtualWorld::receive(RequestSlot slot)
{
    // Nothing takes the slot before this is over; a WebSocket keeps it until it is closed.
    const VirtualRequest& request = m_requests[slot];
    const bool answered = request.failure == Failure::none;
    const bool opens = staysOpen(request);
    const bool open = m_sites[m_clients[raw(request.client)].group].open;
    if (!opens)
        m_freeSlots.push_back(slot);
    VirtualClient& client = m_clients[raw(request.client)];
    const ClientSpec& spec = specOf(client);
    if (request.setCookie != noText && client.jar != VirtualClient::noJar
        && spec.jar != JarKind::none)
        receiveCookies(m_jars[client.jar], request.setCookie, client.group, resourceOf(request));
    if (request.toCarry != noText)
        client.carried = request.toCarry;
    noteCookies(request.client);
    if (request.cookieOut != CookieOut::none)
        m_changed.forget(request.client);

    Observation end =
        about(request, answered ? ObservationKind::answered : ObservationKind::failed);
    end.value = m_now - request.sentAt;
    end.cookie = request.setCookie;
    end.cookieOut = whatIsKept(client, request);
    if (!answered) {
        observe(end);
        if (!open && !request.extra)
            scheduleNext(request.client, request.ordinal);
        return;
    }
    end.session = continueSession(client, request);
    observe(end);
    // It stopped while the answer was under way: the session that has just begun is gone as well.
    const VirtualReplica& replica = m_replicas[raw(request.replica)];
    const bool gone = !replica.running() || replica.incarnation() != request.incarnation;
    if (gone && client.holder == request.replica && replica.sessions() == SessionStore::inMemory
        && !client.sessionLost)
        loseSession(request.client);
    if (client.holder != noReplica
        && static_cast<int>(++client.sessionAnswered) == spec.sessionRequests)
        client.endSession();
    if (spec.logout && static_cast<int>(++client.sinceLogout) == spec.logout->after)
        logOut(request.client, resourceOf(request));
    if (opens)
        openConnection(slot);
    else if (!open && !request.extra)
        scheduleNext(request.client, request.ordinal);
}

void VirtualWorld::openConnection(RequestSlot slot)
{
    const VirtualRequest& request = m_requests[slot];
    const ClientIndex index = request.client;
    VirtualClient& client = m_clients[raw(index)];
    client.handshake = slot;
    const ClientSpec& spec = specOf(client);
    client.connected = true;
    client.connectedTo = request.replica;
    client.connectedAt = m_now;
    ++client.connection;
    observe(about(request, ObservationKind::opened));
    const VirtualReplica& replica = m_replicas[raw(request.replica)];
    if (!replica.running() || replica.incarnation() != request.incarnation)
        return closeConnection(index, 1006);
    Draw draw = m_chance.draw(index, request.ordinal, Purpose::connectionLifetime);
    m_events.push(m_now + spec.connectionLifetime(draw), EventKind::connectionEnds, raw(index),
                  client.connection);
    if (spec.send == SendRule::onOpen
        || (spec.send != SendRule::never && spec.messageEvery > Duration::zero()))
        m_events.push(m_now + m_scenario->travel, EventKind::messageAnswered, raw(index),
                      client.connection);
}

void VirtualWorld::messageAnswered(ClientIndex index)
{
    const VirtualClient& client = m_clients[raw(index)];
    Observation message {.at = m_now, .client = index, .replica = client.connectedTo};
    message.kind = ObservationKind::message;
    message.value = m_scenario->travel;
    observe(message);
    const ClientSpec& spec = specOf(client);
    if (spec.send == SendRule::onOpen)
        return;
    Duration pause = spec.messageEvery;
    if (spec.send == SendRule::afterAnswer)
        pause += m_scenario->travel;
    m_events.push(m_now + pause, EventKind::messageAnswered, raw(index), client.connection);
}

void VirtualWorld::closeConnection(ClientIndex index, std::uint16_t code)
{
    VirtualClient& client = m_clients[raw(index)];
    client.connected = false;
    ++client.connection;
    releaseSocket(client.handshake);
    Observation closed {.at = m_now, .value = m_now - client.connectedAt, .client = index};
    closed.replica = client.connectedTo;
    closed.status = code;
    closed.kind = ObservationKind::closed;
    observe(closed);
    // Engine.IO's session ends with its transport.
    if (specOf(client).kind == ClientKind::socketio)
        client.endSession();
    scheduleNext(index, client.ordinal - 1);
}

} // namespace stickyscope
