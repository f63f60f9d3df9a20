// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a request whose replica failed.
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/proxy_heads.h"

#include <utility>

namespace stickyscope::lab {

void ProxyClient::fault(Fault fault, std::string why)
{
    dropLink();
    m_readBy = never; // nobody reads its body for now
    letGo(false, AnswerEnd::whole);
    afterFault(fault, std::move(why));
}

Attempt ProxyClient::attempt(Fault fault) const
{
    return {.fault = fault,
            .number = m_x.attempt,
            .bound = m_x.bound,
            .since = Clock::now() - m_x.began,
            .hashed = m_x.recall.hashed,
            .retried = m_x.retried,
            .insists = m_x.recall.insists,
            .replayable = m_x.replayable,
            .method = m_x.head.method,
            .status = m_x.record.status,
            .counts = m_x.epoch == m_at->epoch()};
}

void ProxyClient::afterFault(Fault fault, std::string why)
{
    m_answerBy = never;
    Dispatcher& dispatcher = m_at->dispatcher();
    const bool wasUp = dispatcher.seemsUp(m_x.replica);
    m_waitingFor = dispatcher.failed(m_x.replica, attempt(fault), m_core.now());
    m_x.retried = m_x.retried || m_waitingFor.action != OnFailure::Action::giveUp;
    m_at->tellWhetherNoticed(m_x.replica, wasUp, why);
    m_x.record.why = std::move(why);
    // While it waits to be tried there again, its place there is taken.
    if (m_waitingFor.action == OnFailure::Action::sameAgain)
        hold(m_x.replica);
    else
        m_at->callIn(m_x.replica);
    after(m_waitingFor.wait,
          m_waitingFor.action == OnFailure::Action::giveUp ? &ProxyClient::giveUpNow
                                                           : &ProxyClient::tryAgain);
}

void ProxyClient::tryAgain()
{
    const OnFailure next = m_waitingFor;
    if (m_at->dispatcher().cookieOfEachAttempt())
        keepCookies();
    ++m_x.attempt;
    m_x.freshLink = false;
    if (next.action == OnFailure::Action::sameAgain) {
        ++m_x.record.attempts;
        m_x.record.rule = next.rule;
        return connect();
    }
    const bool anew = next.action == OnFailure::Action::anew;
    if (anew)
        recall();
    dispatch(anew ? noReplica : m_x.replica);
}

void ProxyClient::keepCookies()
{
    http::ResponseHead attempt;
    remember(Origin::balancer, attempt);
    for (const std::string_view field : attempt.fields.all("Set-Cookie"))
        m_x.earlierCookies.emplace_back(field);
}

void ProxyClient::giveUpNow()
{
    m_x.record.rule = m_waitingFor.rule ? m_waitingFor.rule : m_x.record.rule;
    giveUp(m_waitingFor.status, m_x.record.why);
}

} // namespace stickyscope::lab
