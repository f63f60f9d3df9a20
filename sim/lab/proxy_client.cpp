// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The client's side: what is read from it and sent to it, and how long it may take.
#include "sim/lab/proxy_client.h"

#include "sim/lab/proxy_heads.h"

#include <algorithm>
#include <array>

namespace stickyscope::lab {

namespace {

// How long what a client still sends is thrown away after its last answer.
constexpr std::chrono::seconds lingerFor {1};

} // namespace

ProxyClient::ProxyClient(ProxyCore& core, std::unique_ptr<wire::Stream> stream, std::string peer)
    : m_core(core)
    , m_stream(std::move(stream))
    , m_peer(std::move(peer))
    , m_in(core.limits().messages)
{
    m_stream->setOwner(this);
}

void ProxyClient::begin()
{
    m_readBy = Clock::now() + m_core.limits().idle;
    setInterest();
}

void ProxyClient::turnAway()
{
    sendOwn(503, false);
    closeWhenSent();
}

void ProxyClient::closeWhenSent()
{
    m_state = State::closing;
    setInterest();
    flush();
}

std::string_view ProxyClient::addressOfPeer() const
{
    const std::string_view address = std::string_view(m_peer).substr(0, m_peer.rfind(':'));
    return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

void ProxyClient::canRead()
{
    static thread_local std::array<char, std::size_t {64} << 10U> room;
    const long count = m_stream->read(room.data(), room.size());
    if (count == wire::Stream::nothing)
        return;
    if (count == wire::Stream::broken)
        return clientGone();
    if (m_state == State::lingering || m_state == State::closing) {
        m_finished = count == 0;
        if (m_finished && m_state == State::lingering)
            return close();
        return setInterest();
    }
    if (count == 0)
        m_finished = true;
    else
        m_in.put({room.data(), static_cast<std::size_t>(count)});
    pump();
}

void ProxyClient::canWrite()
{
    flush();
    if (m_state == State::closed || m_out.waiting() >= m_core.limits().buffer / 2)
        return;
    if (m_linkPaused && m_link) {
        m_linkPaused = false;
        m_link->watchReading(!m_link->hasFinished());
        linkHasNews();
    }
    if (m_state != State::closed)
        pump();
}

// Takes as much as may be taken now. Whatever it leads to and that leads back here is left to the
// loop that runs already.
void ProxyClient::pump()
{
    if (m_pumping || m_state == State::closed)
        return;
    m_pumping = true;
    while (step()) { }
    m_pumping = false;
    if (m_state == State::closed)
        return;
    if (m_state == State::reading && m_finished)
        m_state = State::closing;
    if (m_link) {
        m_link->flush();
        timeReplica();
    }
    setInterest();
    flush();
}

// Nobody owes an answer to half a request; but the replica must take what there is of it.
void ProxyClient::timeReplica()
{
    if (m_state != State::exchanging || m_link->connecting() || m_x.bodyEnded || m_x.headSent)
        return;
    if (m_link->out().waiting() < m_core.limits().buffer)
        m_answerBy = never;
    else if (m_answerBy == never)
        m_answerBy = Clock::now() + m_core.limits().firstByte;
}

bool ProxyClient::step()
{
    if (m_state == State::reading)
        return m_out.waiting() < m_core.limits().buffer && readHead();
    const bool takesBody = m_state == State::exchanging && !m_x.bodyEnded && m_link
        && !m_link->connecting() && m_link->out().waiting() < m_core.limits().buffer;
    return takesBody && readBody();
}

bool ProxyClient::readHead()
{
    const bool begun = m_in.hasBegun();
    switch (m_in.next()) {
    case wire::Part::head:
        m_readBy = never;
        beginExchange();
        return true;
    case wire::Part::malformed:
        refuse(m_in.refusal(), m_in.why());
        return true;
    default:
        if (!begun && m_in.hasBegun())
            m_readBy = Clock::now() + m_core.limits().head;
        return false;
    }
}

bool ProxyClient::readBody()
{
    const auto part = m_in.next();
    Outbox& out = m_link->out();
    const std::size_t before = out.text().size();
    switch (part) {
    case wire::Part::body:
        if (m_x.framing == wire::Framing::chunked)
            out.addChunk(m_in.piece());
        else
            out.add(m_in.piece());
        break;
    case wire::Part::end:
        if (m_x.framing == wire::Framing::chunked)
            out.add("0\r\n\r\n");
        m_x.bodyEnded = true;
        break;
    case wire::Part::malformed:
        refuse(m_in.refusal(), m_in.why());
        return true;
    default:
        if (m_finished)
            clientGone();
        else
            m_readBy = Clock::now() + m_core.limits().bodyPause;
        return false;
    }
    m_readBy = never;
    m_x.replayable =
        m_x.replayable && m_x.replay.size() + out.text().size() - before <= m_core.limits().replay;
    if (m_x.replayable)
        m_x.replay.append(out.text(), before);
    else
        m_x.replay.clear();
    if (m_x.bodyEnded && !m_x.headSent)
        m_answerBy = Clock::now() + m_core.limits().firstByte;
    return true;
}

// Reads on while there is room for it: a head or the line of a chunk always finds some.
void ProxyClient::setInterest()
{
    const std::size_t room =
        std::max(m_core.limits().buffer, m_core.limits().messages.requestHead + 1);
    const bool discards = m_state == State::closing || m_state == State::lingering;
    const bool reads = !m_finished && (discards || m_in.waiting() < room);
    if (reads != m_reads)
        m_stream->watchReading(m_reads = reads);
}

// Nothing that follows can be told from a request: the connection ends.
void ProxyClient::refuse(int status, std::string_view why)
{
    if (m_state == State::exchanging) {
        release(false);
        dropLink();
        if (m_x.headSent)
            return cut(Failure::truncatedAnswer, std::string(why));
    } else {
        m_x = {};
        m_x.began = Clock::now();
        m_x.record = {.at = m_core.now(), .client = m_peer};
    }
    m_x.record.why = why;
    m_x.record.failure = Failure::other;
    sendOwn(status, false);
    finish(status, false);
}

void ProxyClient::sendOwn(int status, bool keeps)
{
    std::string body;
    http::ResponseHead head = ownAnswer(status, m_core.limits().retryAfter, body);
    if (m_state == State::exchanging) {
        m_x.record.cookieOut = remember(Origin::balancer, head);
        addEarlierCookies(head);
    }
    const bool bodiless = m_x.head.method == "HEAD" && m_state == State::exchanging;
    if (bodiless)
        head.fields.add("Content-Length", std::to_string(body.size()));
    writeResponse(m_out.text(), head,
                  {.framing = wire::Framing::length,
                   .length = body.size(),
                   .bodiless = bodiless,
                   .closes = !keeps,
                   .http10 = m_x.http10});
    if (!bodiless)
        m_out.add(body);
    m_x.headSent = true;
    m_x.keeps = keeps;
}

void ProxyClient::flush()
{
    if (m_state == State::closed)
        return;
    if (!m_out.flush(*m_stream))
        return clientGone();
    const std::size_t waiting = m_out.waiting();
    if (waiting == 0)
        m_sendBy = never;
    else if (waiting != m_unsent)
        m_sendBy = Clock::now() + m_core.limits().sendPause;
    m_unsent = waiting;
    if (m_state == State::closing && waiting == 0)
        shut();
}

void ProxyClient::shut()
{
    if (m_resets)
        m_stream->resetOnClose();
    if (m_finished || m_resets)
        return close();
    m_stream->finishWriting();
    m_state = State::lingering;
    m_readBy = Clock::now() + lingerFor;
    setInterest();
}

void ProxyClient::clientGone()
{
    if (m_state == State::closed)
        return;
    if (m_state == State::exchanging) {
        release(false);
        dropLink();
        m_x.record.why = "the client went away";
        m_x.record.failure = Failure::other;
        m_x.keeps = false;
        m_state = State::closing;
        finish(m_x.record.status, false);
    }
    close();
}

void ProxyClient::close()
{
    if (m_state == State::closed)
        return;
    if (m_state == State::exchanging) {
        release(false);
        dropLink();
    }
    m_state = State::closed;
    if (m_wait)
        m_wait->stop();
    m_stream.reset();
    m_core.remove(*this);
}

void ProxyClient::tick(Clock::time_point now)
{
    if (now >= m_sendBy && m_state != State::closed) {
        m_stream->resetOnClose();
        return clientGone();
    }
    if (now >= m_readBy && m_state != State::closed)
        clientLate();
    if (now >= m_answerBy && m_state == State::exchanging)
        answerLate();
}

void ProxyClient::clientLate()
{
    m_readBy = never;
    if (m_state == State::exchanging || (m_state == State::reading && m_in.hasBegun()))
        return refuse(408, "the client was too slow");
    close();
}

} // namespace stickyscope::lab
