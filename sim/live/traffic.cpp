// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/traffic.h"

#include <utility>

namespace stickyscope::live {

void LiveQueue::observe(std::span<const Observation> observations)
{
    const std::lock_guard lock(m_mutex);
    m_observations.insert(m_observations.end(), observations.begin(), observations.end());
}

void LiveQueue::describe(const Cast& cast, const TextTable& texts)
{
    const std::lock_guard lock(m_mutex);
    if (m_cast.replicas.size() != cast.replicas.size()
        || m_cast.clients.size() != cast.clients.size())
        m_cast = cast;
    m_cast.notice = cast.notice;
    if (m_texts.size() != texts.size())
        m_texts = texts;
}

std::vector<Observation> LiveQueue::take(Cast& cast, TextTable& texts)
{
    const std::lock_guard lock(m_mutex);
    // What is known of clients stays: they may have been renamed.
    for (std::size_t index = cast.replicas.size(); index < m_cast.replicas.size(); ++index)
        cast.replicas.push_back(m_cast.replicas[index]);
    for (std::size_t index = cast.clients.size(); index < m_cast.clients.size(); ++index) {
        cast.clients.push_back(m_cast.clients[index]);
        cast.clientKinds.push_back(m_cast.clientKinds[index]);
    }
    if (!m_cast.notice.empty())
        cast.notice = m_cast.notice;
    if (m_texts.size() > texts.size())
        texts = m_texts;
    return std::exchange(m_observations, {});
}

void LiveQueue::setReconciliation(const Reconciliation& reconciliation)
{
    const std::lock_guard lock(m_mutex);
    m_reconciliation = reconciliation;
}

std::optional<Reconciliation> LiveQueue::reconciliation() const
{
    const std::lock_guard lock(m_mutex);
    return m_reconciliation;
}

void LiveQueue::setConditions(std::vector<Condition> conditions)
{
    const std::lock_guard lock(m_mutex);
    m_conditions = std::move(conditions);
}

std::vector<LiveQueue::Condition> LiveQueue::conditions() const
{
    const std::lock_guard lock(m_mutex);
    return m_conditions;
}

void LiveQueue::setHeld(ClientIndex client, std::vector<HeldCookie> held)
{
    const std::lock_guard lock(m_mutex);
    if (raw(client) >= m_held.size())
        m_held.resize(raw(client) + 1);
    m_held[raw(client)] = std::move(held);
}

std::vector<std::vector<HeldCookie>> LiveQueue::held() const
{
    const std::lock_guard lock(m_mutex);
    return m_held;
}

} // namespace stickyscope::live
