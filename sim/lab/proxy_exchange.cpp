// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A request on its way to a replica, and how that ends.
#include "sim/lab/cache_in_front.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_heads.h"
#include "sim/model/balancer_failure.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

void ProxyClient::beginExchange()
{
    m_state = State::exchanging;
    m_x.head = m_in.takeHead();
    m_x.framing = m_in.framing();
    m_x.length = m_in.length();
    m_x.http10 = m_in.isHttp10();
    m_x.expects = m_in.expectsContinue();
    m_x.keeps = m_in.keepsAlive() && ++m_requests < m_core.limits().requestsPerConnection;
    m_x.webSocket = !m_x.http10 && asksForWebSocket(m_x.head, m_x.framing);
    m_x.bodyEnded = m_x.framing == wire::Framing::none;
    if (m_x.bodyEnded)
        m_in.next(); // its end
    m_x.bodyPatience = {m_core.limits().bodyPause, m_core.limits().bodyRate};
    m_x.began = Clock::now();
    const std::string_view id = usableRequestId(m_x.head.fields);
    std::string requestId = id.empty() ? m_core.newRequestId() : std::string(id);
    m_at = &m_core.balancerFor(m_door, m_x.head, requestId, m_connection);
    readWhoAsks();
    if (answersCheck())
        return;
    m_x.ordinal = m_at->nextOrdinal();
    const Instant now = m_core.instant(m_x.began);
    m_x.record = {.at = now,
                  .requestId = std::move(requestId),
                  .method = m_x.head.method,
                  .target = m_x.head.target,
                  .client = m_peer,
                  .balancer = m_at->number(),
                  .webSocket = m_x.webSocket};
    if (headTooLarge())
        return;
    recall();
    if (const Refusal* turnedAway = m_at->dispatcher().turnsAway(now)) {
        m_x.record.rule = turnedAway->rule;
        return giveUp(turnedAway->status, turnedAway->rule->sentence);
    }
    m_x.admitted = true;
    m_x.epoch = m_at->epoch();
    if (!goesOnLine())
        dispatch(noReplica);
}

// A balancer in front says whose request it passes on; everybody else comes for himself.
void ProxyClient::readWhoAsks()
{
    m_x.source = addressOfPeer();
    m_x.secure = m_door.secure;
    if (m_door.tier == 0)
        return;
    const std::string* through = m_x.head.fields.find("X-Forwarded-For");
    if (through)
        m_x.source = http::trimmed(std::string_view(*through).substr(through->rfind(',') + 1));
    const std::string* scheme = m_x.head.fields.find("X-Forwarded-Proto");
    m_x.secure = scheme && *scheme == "https";
}

// Of a balancer in front, which asks for nobody: this one is good as long as it has a server.
bool ProxyClient::answersCheck()
{
    if (m_door.tier == 0 || m_x.head.fields.find("X-Forwarded-For"))
        return false;
    m_state = State::reading;
    sendOwn(m_at->hasServers() ? 200 : 503, false);
    m_x = {};
    closeWhenSent();
    return true;
}

void ProxyClient::recall()
{
    const auto read = [this] {
        m_x.recall = m_at->dispatcher().recall({m_x.head, m_core.wall(), m_x.secure, m_x.source});
    };
    read();
    while (m_at->takeBack(m_x.recall))
        read();
    m_x.record.cookieIn = m_x.recall.state;
}

void ProxyClient::dispatch(ReplicaIndex avoid)
{
    Dispatcher& dispatcher = m_at->dispatcher();
    Circumstances circumstances {.draw = m_at->draw(m_x.ordinal, m_x.attempt),
                                 .now = m_core.now(),
                                 .source = m_x.source,
                                 .avoid = avoid,
                                 .wall = m_core.wall(),
                                 .ticket = m_x.ordinal};
    if (dispatcher.hashesRequests())
        circumstances.key = dispatcher.keyOf(m_x.head);
    if (dispatcher.mustName(m_x.recall, circumstances)) {
        if (m_x.issued.empty())
            m_x.issued = m_name;
        if (m_x.issued.empty() || dispatcher.renames(circumstances))
            m_x.issued = dispatcher.issue(circumstances);
        if (dispatcher.namesConnections())
            m_name = m_x.issued;
        circumstances.issued = m_x.issued;
    }
    const Decision decision = dispatcher.place(m_x.recall, circumstances);
    m_x.record.ledger = decision.ledger;
    m_x.record.rule = decision.rule;
    m_x.bound = decision.bound;
    if (decision.waits)
        return waitForRoom();
    if (decision.replica == noReplica)
        return foundNone(decision);
    m_x.replica = decision.replica;
    m_x.record.replica = m_at->replicaOf(decision.replica);
    m_x.assignedAt = circumstances.now;
    m_x.held = true;
    m_x.epoch = m_at->epoch();
    ++m_x.record.attempts;
    m_at->tier().tellBeside(*m_at, [&](BalancerInstance& other) {
        other.dispatcher().hear(m_x.replica, circumstances.source, circumstances.wall);
    });
    connect();
}

void ProxyClient::connect()
{
    m_answerBy = never;
    switch (m_at->pool(m_x.replica).lend(*this, m_link, m_x.freshLink)) {
    case ReplicaPool::Got::open:
        return sendRequest();
    case ReplicaPool::Got::connecting:
        return;
    case ReplicaPool::Got::queued:
        m_x.queued = true;
        m_answerBy = Clock::now() + m_at->limits().firstByte;
        return;
    case ReplicaPool::Got::full:
        release();
        return giveUp(503, "too many requests wait for " + nameOf(m_x.replica));
    case ReplicaPool::Got::refused:
        return linkRefused();
    case ReplicaPool::Got::outOfFiles:
        return linkImpossible();
    }
}

void ProxyClient::sendRequest()
{
    m_link->in().answersHead(m_x.head.method == "HEAD");
    http::RequestHead cookies {.method = m_x.head.method, .target = m_x.head.target};
    for (const http::Field& field : m_x.head.fields) {
        if (http::equalIgnoringCase(field.name, "Cookie"))
            cookies.fields.add(field.name, field.value);
    }
    m_at->dispatcher().forward(cookies);
    writeRequest(m_link->out().text(), m_x.head, cookies.fields,
                 // Where one of ours stands in front, its word is passed on: its own address, as
                 // that of the one before, would be taken for the client's.
                 {.clientAddress = m_door.tier == 0 ? addressOfPeer() : std::string_view(),
                  .secure = m_x.secure,
                  .requestId = m_x.record.requestId,
                  .host = m_at->dispatcher().replicas()[m_x.replica].address(),
                  .framing = m_x.framing,
                  .length = m_x.length,
                  .webSocket = m_x.webSocket});
    m_link->out().add(m_x.replay);
    m_x.sent = true;
    m_answerBy = Clock::now() + m_at->limits().firstByte;
    pump();
}

void ProxyClient::giveUp(int status, std::string_view why)
{
    m_x.record.why = std::string(why);
    m_x.record.failure =
        balancerFailure(status, status == 0 ? Failure::connectionRefused : Failure::other);
    if (status == 0)
        m_x.keeps = false;
    else
        sendOwn(status, m_x.keeps && m_x.bodyEnded && !placesConnections());
    finish(status, false);
}

void ProxyClient::hold(ReplicaIndex replica)
{
    m_at->dispatcher().assigned(replica, m_x.bound, m_core.now());
    m_x.assignedAt = m_core.now();
    m_x.held = true;
    m_x.epoch = m_at->epoch();
}

// True where it was counted at its replica, which has room for another now.
bool ProxyClient::letGo(bool answered, AnswerEnd end)
{
    if (!std::exchange(m_x.held, false) || m_x.epoch != m_at->epoch())
        return false;
    const Instant now = m_core.now();
    const bool wasUp = m_at->dispatcher().seemsUp(m_x.replica);
    m_at->dispatcher().released({.replica = m_x.replica,
                                 .bound = m_x.bound,
                                 .answered = answered,
                                 .took = now - m_x.assignedAt,
                                 .now = now,
                                 .status = answered ? m_x.record.status : 0,
                                 .octets = m_x.answerOctets,
                                 .end = end});
    m_at->tellWhetherNoticed(m_x.replica, wasUp);
    return true;
}

void ProxyClient::release(std::optional<AnswerEnd> answer)
{
    m_x.answerEnd = answer.value_or(AnswerEnd::whole);
    if (!letGo(answer.has_value(), answer.value_or(AnswerEnd::clientGone)))
        return;
    if (!answer)
        m_at->abandoned(m_x.replica);
    m_at->callIn(m_x.replica);
}

void ProxyClient::dropLink()
{
    if (std::exchange(m_x.waits, false))
        m_at->waitsNoMore(m_x.ordinal);
    if (std::exchange(m_x.queued, false))
        m_at->pool(m_x.replica).leaveQueue(*this);
    m_linkPaused = false;
    if (ReplicaLink* link = std::exchange(m_link, nullptr)) {
        link->user = nullptr;
        link->pool().discard(*link);
    }
}

Placement ProxyClient::placementAt(const BalancerInstance& balancer, Origin origin) const
{
    const std::string* program = m_x.head.fields.find("User-Agent");
    const std::string* host = m_x.head.fields.find("Host");
    return {.recall = m_x.recall,
            .replicas = balancer.dispatcher().replicas(),
            .replica = m_x.replica,
            .origin = origin,
            .issued = m_x.issued,
            .now = m_core.wall(),
            .secure = m_x.secure,
            .method = m_x.head.method,
            .userAgent = program ? std::string_view(*program) : std::string_view(),
            .host = host ? std::string_view(*host) : std::string_view(),
            .target = m_x.head.target,
            .source = m_x.source};
}

// Those beside it hear of the answer as it came from the replica.
CookieOut ProxyClient::remember(Origin origin, http::ResponseHead& response)
{
    m_at->tier().tellBeside(*m_at, [&](BalancerInstance& other) {
        http::ResponseHead heard = response;
        other.dispatcher().remember(placementAt(other, origin), heard);
    });
    return m_at->dispatcher().remember(placementAt(*m_at, origin), response);
}

// Those of the first attempt come first; what a cache in front does comes last.
void ProxyClient::completeCookies(http::ResponseHead& response)
{
    const std::size_t own = m_x.record.cookieOut == CookieOut::none ? 0 : 1;
    if (m_x.earlierCookies.size() + own > 1)
        m_x.record.cookieOut = CookieOut::several;
    std::for_each(m_x.earlierCookies.rbegin(), m_x.earlierCookies.rend(),
                  [&](const std::string& field) { response.fields.addFirst("Set-Cookie", field); });
    CacheInFront* const cache = m_door.tier == 0 ? m_core.cacheInFront() : nullptr;
    if (cache)
        cache->pass(m_x.head, m_x.secure, response);
}

std::string ProxyClient::nameOf(ReplicaIndex replica) const
{
    return m_at->dispatcher().replicas()[replica].name;
}

} // namespace stickyscope::lab
