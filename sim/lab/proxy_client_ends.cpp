// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the balancer says to a client by itself, and how their connection ends.
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_heads.h"

#include <utility>

namespace stickyscope::lab {

namespace {

// How long what a client still sends is thrown away after its last answer.
constexpr std::chrono::seconds lingerFor {1};

} // namespace

void ProxyClient::turnAway()
{
    sendOwn(503, false);
    closeWhenSent();
}

// The request is over, and the connection goes on or ends.
void ProxyClient::finish(int status, bool answered)
{
    // It may be waiting to be tried again when it is refused.
    if (m_wait)
        m_wait->stop();
    leaveCircuit(status);
    m_x.record.status = status;
    m_x.record.answered = answered;
    m_x.record.took = Clock::now() - m_x.began;
    const bool keeps = m_x.keeps && m_x.bodyEnded;
    ProxyRecord record = std::move(m_x.record);
    m_x = {};
    m_answerBy = never;
    m_readBy = never; // until flush() has sent all
    m_state = keeps ? State::reading : State::closing;
    // The client need not wait until it is written down. Whether it is still there is seen below.
    if (answered)
        m_out.flush(*m_stream);
    m_core.record(std::move(record), m_door);
    pump();
}

void ProxyClient::closeWhenSent()
{
    m_state = State::closing;
    setInterest();
    flush();
}

// Nothing that follows can be told from a request: the connection ends.
void ProxyClient::refuse(int status, std::string_view why)
{
    if (m_state == State::exchanging) {
        releaseForClient();
        dropLink();
        if (m_x.headSent)
            return cut(Failure::truncatedAnswer, std::string(why), AnswerEnd::clientGone);
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
        completeCookies(head);
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
    if (m_state == State::reading && m_readBy == never && m_out.waiting() == 0 && !m_in.hasBegun())
        m_readBy = Clock::now() + m_core.limits().idle;
    if (m_state == State::closing && m_out.waiting() == 0)
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
    endWith("the client went away");
}

// It has ended its side, which with some balancers ends its request as well.
void ProxyClient::clientFinished(int status)
{
    if (status == 0 || m_x.headSent)
        return clientGone();
    release();
    dropLink();
    m_x.keeps = false;
    giveUp(status, "the client went away");
}

void ProxyClient::endWith(std::string_view why)
{
    if (m_state == State::closed)
        return;
    endExchange(Failure::other, why);
    close();
}

void ProxyClient::breakOff(std::string_view why)
{
    if (m_state == State::closed)
        return;
    m_resets = true;
    m_stream->resetOnClose();
    endExchange(Failure::connectionReset, why);
    close();
}

void ProxyClient::endExchange(Failure failure, std::string_view why)
{
    if (m_state != State::exchanging)
        return;
    releaseForClient();
    dropLink();
    m_x.record.why = why;
    m_x.record.failure = failure;
    m_x.keeps = false;
    m_state = State::closing;
    finish(m_x.record.status, false);
}

// It ends because of its client or of ourselves, whatever the replica does.
void ProxyClient::releaseForClient()
{
    release(m_x.headSent ? std::optional(AnswerEnd::clientGone) : std::nullopt);
}

void ProxyClient::leaveCircuit(int status)
{
    if (std::exchange(m_x.admitted, false) && m_x.epoch == m_at->epoch())
        m_at->dispatcher().ended(status, m_x.retried, m_core.now(), m_x.answerEnd);
}

void ProxyClient::close()
{
    if (m_state == State::closed)
        return;
    if (m_state == State::exchanging) {
        releaseForClient();
        leaveCircuit(0);
        dropLink();
    }
    dropLine();
    m_state = State::closed;
    if (m_wait)
        m_wait->stop();
    m_stream.reset();
    m_core.remove(*this);
}

void ProxyClient::tick(Clock::time_point now)
{
    const auto stuck = m_out.stuckSince();
    if (stuck && now - *stuck > m_core.limits().sendPause && m_state != State::closed) {
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
