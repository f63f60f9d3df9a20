// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A replica's answer on its way to the client, and everything that replicas do instead.
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_heads.h"
#include "sim/lab/tunnel.h"

namespace stickyscope::lab {

namespace {

void tellClosed(Dispatcher& dispatcher, WallSeconds now, const http::RequestHead& request,
                const http::ResponseHead& answer, ReplicaIndex replica)
{
    const Recall recall = dispatcher.recall({.request = request, .now = now});
    dispatcher.closed(
        {.recall = recall, .replicas = dispatcher.replicas(), .replica = replica, .now = now},
        answer);
}

} // namespace

void ProxyClient::linkGiven(ReplicaLink& link)
{
    m_link = &link;
    m_x.queued = false;
    m_answerBy = never;
    if (!link.connecting())
        sendRequest();
}

void ProxyClient::linkConnected()
{
    sendRequest();
}

void ProxyClient::linkRefused()
{
    m_link = nullptr;
    m_x.queued = false;
    fault(Fault::refused, nameOf(m_x.replica) + " takes no connection");
}

// The replica is not asked, and not blamed.
void ProxyClient::linkImpossible()
{
    m_link = nullptr;
    m_x.queued = false;
    release();
    giveUp(503,
           "no more files may be open here, so none for a connection to " + nameOf(m_x.replica));
}

void ProxyClient::linkDrained()
{
    if (!m_x.headSent)
        m_answerBy = m_x.bodyEnded ? Clock::now() + m_at->limits().firstByte : never;
    pump();
}

void ProxyClient::linkHasNews()
{
    if (m_line)
        return lineEnds();
    do {
        while (takeAnswer()) { }
        flush();
    } while (resumesLink());
}

bool ProxyClient::takeAnswer()
{
    if (!m_link || m_linkPaused)
        return false;
    if (m_out.waiting() >= m_core.limits().buffer) {
        flush();
        if (!m_link || m_out.waiting() >= m_core.limits().buffer) {
            m_linkPaused = m_link != nullptr;
            if (m_link)
                m_link->watchReading(false);
            m_answerBy = never;
            return false;
        }
    }
    switch (m_link->in().next()) {
    case wire::Part::head:
        return answerHead();
    case wire::Part::body:
        m_x.answerOctets += m_link->in().piece().size();
        if (m_x.answerFraming == wire::Framing::chunked)
            m_out.addChunk(m_link->in().piece());
        else
            m_out.add(m_link->in().piece());
        return true;
    case wire::Part::end:
        if (std::exchange(m_x.interim, false))
            return true;
        answerEnds();
        return false;
    case wire::Part::malformed:
        badAnswer(nameOf(m_x.replica) + ": " + std::string(m_link->in().why()));
        return false;
    default:
        if (m_link->hasFinished())
            answerStops();
        else if (m_x.headSent)
            m_answerBy = Clock::now() + m_core.limits().answerPause;
        return false;
    }
}

bool ProxyClient::answerHead()
{
    const int status = m_link->in().head().status;
    if (status == 101) {
        if (m_x.webSocket && opensWebSocket(m_link->in().head()))
            openTunnel();
        else
            badAnswer(nameOf(m_x.replica) + " changes to a protocol that nobody asked for");
        return false;
    }
    m_x.interim = status < 200;
    if (m_x.interim) {
        if (!m_x.http10 && (status != 100 || std::exchange(m_x.expects, false)))
            writeInterim(m_out.text(), m_link->in().head(), false);
        return true;
    }
    m_x.record.status = status;
    if (m_at->dispatcher().rejects(attempt(Fault::answered))) {
        fault(Fault::answered, nameOf(m_x.replica) + " answers " + std::to_string(status));
        return false;
    }
    http::ResponseHead head = m_link->in().takeHead();
    switch (m_link->in().framing()) {
    case wire::Framing::none:
    case wire::Framing::length:
        m_x.answerFraming = m_link->in().framing();
        break;
    default:
        m_x.answerFraming = m_x.http10 ? wire::Framing::untilClose : wire::Framing::chunked;
    }
    m_x.keeps = m_x.keeps && m_x.bodyEnded && m_x.answerFraming != wire::Framing::untilClose;
    m_x.record.passedOn = m_at->replicaOf(m_x.replica) == noReplica;
    m_x.record.cookieOut = remember(Origin::replica, head);
    completeCookies(head);
    const bool bodiless = m_x.head.method == "HEAD" || status == 204 || status == 304;
    writeResponse(m_out.text(), head,
                  {.framing = m_x.answerFraming,
                   .length = m_x.answerFraming == wire::Framing::length ? m_link->in().length() : 0,
                   .bodiless = bodiless,
                   .closes = !m_x.keeps,
                   .http10 = m_x.http10});
    m_x.headSent = true;
    return true;
}

void ProxyClient::answerEnds()
{
    if (m_x.answerFraming == wire::Framing::chunked)
        m_out.add("0\r\n\r\n");
    ReplicaLink& link = *std::exchange(m_link, nullptr);
    // What stands behind the answer belongs to nobody.
    const bool reusable = link.in().keepsAlive() && m_x.bodyEnded && link.out().waiting() == 0
        && link.in().waiting() == 0 && !link.hasFinished();
    release(AnswerEnd::whole);
    link.user = nullptr;
    m_x.keeps = m_x.keeps && (reusable || !placesConnections());
    if (placesConnections() && m_x.keeps && m_x.bodyEnded)
        keepLine(link);
    else
        link.pool().giveBack(link, reusable);
    finish(m_x.record.status, true);
}

// The replica has closed or reset the connection.
void ProxyClient::answerStops()
{
    const bool broken = m_link->isBroken();
    if (!broken && m_link->in().endsWithConnection())
        return answerEnds();
    const std::string name = nameOf(m_x.replica);
    if (m_x.headSent)
        return cut(Failure::truncatedAnswer, name + " stopped in the middle of its answer");
    if (m_link->in().hasBegun())
        return fault(m_at->dispatcher().product().halfHead,
                     name + " stopped in the middle of its answer's head");
    // A connection that stood idle may have been closed just now, which is no failure.
    const bool stale =
        m_link->reused && !m_x.freshLink && m_x.replayable && http::isIdempotent(m_x.head.method);
    if (stale) {
        dropLink();
        m_x.freshLink = true;
        return connect();
    }
    fault(Fault::reset, name + (broken ? " reset the connection" : " closed without an answer"));
}

void ProxyClient::badAnswer(std::string why)
{
    if (m_x.headSent)
        return cut(Failure::malformedAnswer, std::move(why));
    fault(Fault::malformed, std::move(why));
}

// The client must see that something lacks: nothing is added that would make it look whole.
void ProxyClient::cut(Failure failure, std::string why, AnswerEnd end)
{
    dropLink();
    release(end);
    m_x.record.why = std::move(why);
    m_x.record.failure = failure;
    m_x.keeps = false;
    m_resets = m_x.answerFraming == wire::Framing::untilClose;
    finish(m_x.record.status, false);
}

void ProxyClient::openTunnel()
{
    http::ResponseHead head = m_link->in().takeHead();
    m_x.record.status = head.status;
    m_x.record.passedOn = m_at->replicaOf(m_x.replica) == noReplica;
    m_x.record.cookieOut = remember(Origin::replica, head);
    completeCookies(head);
    writeInterim(m_out.text(), head, true);
    m_out.add(m_link->in().takeRest());
    m_link->out().add(m_in.takeRest());
    m_x.record.answered = true;
    m_x.record.took = Clock::now() - m_x.began;
    m_core.record(m_x.record, m_door);
    const bool heeded = m_at->dispatcher().heedsEnds();
    auto tunnel = std::make_unique<Tunnel>(m_core, std::move(m_stream), std::move(m_out),
                                           m_link->takeStream(), std::move(m_link->out()));
    tunnel->fromNetwork = m_door.fromNetwork;
    tunnel->tier = m_at->tier().place();
    tunnel->inner = isInner();
    // It stays a connection of its replica's until it is closed.
    tunnel->ended = [&core = m_core, at = m_at, replica = m_x.replica, bound = m_x.bound,
                     status = head.status, retried = m_x.retried,
                     took = m_core.now() - m_x.assignedAt, epoch = m_x.epoch, heeded,
                     request = heeded ? m_x.head : http::RequestHead {},
                     answer = heeded ? head : http::ResponseHead {}, id = m_x.record.requestId] {
        if (core.socketEnded)
            core.socketEnded(id);
        if (epoch != at->epoch())
            return;
        if (heeded)
            tellClosed(at->dispatcher(), core.wall(), request, answer, replica);
        at->dispatcher().released({replica, bound, true, took, core.now()});
        at->dispatcher().ended(status, retried, core.now());
        at->callIn(replica);
    };
    m_x.held = m_x.admitted = false;
    m_state = State::closed;
    dropLink();
    m_core.remove(*this);
    m_core.tunnel(std::move(tunnel));
}

void ProxyClient::answerLate()
{
    m_answerBy = never;
    const std::string name = nameOf(m_x.replica);
    if (m_x.headSent)
        return cut(Failure::truncatedAnswer, name + " paused too long in its answer",
                   AnswerEnd::stalled);
    if (!m_x.queued)
        return fault(Fault::timedOut, name + " does not answer");
    dropLink();
    release();
    giveUp(503, "waited too long for a connection to " + name);
}

} // namespace stickyscope::lab
