// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a balancer thinks of its servers: what it was told, what active checks have found, and what
// requests have met. One is up where nothing of that is against it.
#include "sim/dispatch/dispatcher.h"

namespace stickyscope {

void Dispatcher::setHealth()
{
    const auto& check = m_spec.healthCheck;
    if (!check)
        return m_health.reset();
    const int fall = check->fall.value_or(m_product->fall);
    const int rise = check->rise.value_or(m_product->rise);
    if (m_health)
        m_health->setNeeded(fall, rise);
    else
        m_health.emplace(fall, rise, m_replicas.size());
}

bool Dispatcher::isGood(ReplicaIndex replica) const
{
    return m_there[raw(replica)] && (!m_health || m_health->isUp(replica));
}

bool Dispatcher::seemsUp(ReplicaIndex replica) const
{
    return isGood(replica) && !m_passive.doubts(replica);
}

bool Dispatcher::checked(ReplicaIndex replica, bool good, Instant now)
{
    if (!m_health || !m_there[raw(replica)])
        return false;
    const bool wasUp = m_replicas[replica].up;
    m_health->checked(replica, good);
    if (good && m_health->isUp(replica))
        m_passive.foundGood(replica, now);
    refresh(replica);
    const bool isUp = m_replicas[replica].up;
    if (isUp && !wasUp)
        comesUp(replica, now);
    return isUp != wasUp;
}

void Dispatcher::tell(ReplicaIndex replica, bool there, Instant now)
{
    if (m_replicas[replica].url.empty())
        return;
    const bool wasUp = m_replicas[replica].up;
    const bool wasThere = m_there[raw(replica)];
    m_there[raw(replica)] = there;
    if (there && !wasThere) {
        if (m_health)
            m_health->begin(replica);
        m_passive.begin(replica);
    }
    refresh(replica);
    if (m_replicas[replica].up && !wasUp)
        comesUp(replica, now);
}

std::optional<ReplicaIndex> Dispatcher::takeBackDue(Instant now, const Recall& recall)
{
    const auto replica = m_passive.takeBack(now, [&](ReplicaIndex one) {
        const bool looksAtAll = !recall.bound && recall.status == 0;
        return looksAtAll || m_sticky->asks(recall, one, m_replicas);
    });
    if (!replica)
        return replica;
    refresh(*replica);
    if (m_slowStart.afterPassive && m_replicas[*replica].up)
        comesUp(*replica, now);
    return replica;
}

void Dispatcher::abandoned(ReplicaIndex replica)
{
    if (m_passive.abandoned(replica))
        refresh(replica);
}

// What the active ones are to take back counts as if they had failed.
void Dispatcher::heedPassive(ReplicaIndex replica)
{
    if (m_health && m_passive.waitsForChecks(replica))
        m_health->markDown(replica);
    refresh(replica);
}

void Dispatcher::refresh(ReplicaIndex replica)
{
    const bool up = isGood(replica) && !m_passive.leftOut(replica);
    if (m_replicas[replica].up == up)
        return;
    m_replicas.setUp(replica, up);
    if (m_limits.isThere())
        markFull(replica);
    changed();
}

void Dispatcher::refreshAll()
{
    for (std::size_t place = 0; place < m_replicas.size(); ++place)
        refresh(static_cast<ReplicaIndex>(place));
}

void Dispatcher::changed()
{
    failOpen();
    holdBack();
    m_policy->topologyChanged(m_replicas);
    setCanaryApart();
}

} // namespace stickyscope
