// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that wait: to be tried again, or because replicas take only so many at once.
#include "sim/lab/proxy_client.h"
#include "sim/lab/proxy_core.h"

namespace stickyscope::lab {

void ProxyClient::after(Duration wait, void (ProxyClient::*act)())
{
    if (wait <= Duration::zero())
        return (this->*act)();
    schedule(std::chrono::ceil<std::chrono::milliseconds>(wait), act);
}

void ProxyClient::schedule(std::chrono::milliseconds wait, void (ProxyClient::*act)())
{
    if (!m_wait) {
        m_wait = std::make_unique<QTimer>();
        m_wait->setSingleShot(true);
    }
    m_wait->disconnect();
    QObject::connect(m_wait.get(), &QTimer::timeout, m_wait.get(), [this, act] { (this->*act)(); });
    m_wait->start(wait);
}

void ProxyClient::waitForRoom()
{
    m_x.waits = true;
    m_at->waits(m_x.ordinal, *this);
    const Duration patience = m_at->dispatcher().serverLimit().patience;
    if (patience > Duration::zero())
        after(patience, &ProxyClient::waitedInVain);
}

void ProxyClient::waitedInVain()
{
    const ServerLimit& limit = m_at->dispatcher().serverLimit();
    m_x.waits = false;
    const ReplicaIndex replica = m_at->waitsNoMore(m_x.ordinal);
    m_x.record.rule = limit.waitedInVain;
    if (!limit.taken)
        return giveUp(limit.statusInVain, limit.waitedInVain->sentence);
    m_x.replica = replica;
    afterFault(Fault::refused, std::string(limit.waitedInVain->sentence));
}

void ProxyClient::foundNone(const Decision& decision)
{
    const OnFailure next = m_at->dispatcher().foundNone(
        decision, {.number = m_x.attempt, .since = Clock::now() - m_x.began, .foundNone = true});
    m_x.record.rule = next.rule;
    if (next.action == OnFailure::Action::giveUp)
        return giveUp(next.status, next.rule ? next.rule->sentence : "no server");
    after(next.wait, &ProxyClient::lookAgain);
}

void ProxyClient::lookAgain()
{
    ++m_x.attempt;
    recall();
    dispatch(noReplica);
}

void ProxyClient::calledIn(ReplicaIndex replica)
{
    m_x.waits = false;
    m_x.held = replica != noReplica;
    m_x.epoch = m_at->epoch();
    m_x.replica = replica;
    m_x.record.replica = m_at->replicaOf(replica);
    m_x.assignedAt = m_core.now();
    schedule({}, &ProxyClient::goOnCalledIn);
}

void ProxyClient::goOnCalledIn()
{
    if (m_x.held) {
        ++m_x.record.attempts;
        return connect();
    }
    recall();
    dispatch(noReplica);
}

} // namespace stickyscope::lab
