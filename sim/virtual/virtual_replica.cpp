// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_replica.h"

#include <algorithm>

namespace stickyscope {

void VirtualReplica::setIdleConnections(std::int64_t count)
{
    m_left = roomBeside(count, static_cast<std::size_t>(m_spec->slotCount), m_waiting.size());
}

bool VirtualReplica::full() const
{
    return m_serving.size() >= m_left.slotCount && m_count >= m_left.places;
}

VirtualReplica::Admission VirtualReplica::admit(RequestSlot request)
{
    if (!m_running)
        return Admission::refused;
    if (m_serving.size() < m_left.slotCount) {
        m_serving.push_back(request);
        return Admission::serving;
    }
    if (m_count >= m_left.places)
        return Admission::refused;
    std::size_t place = m_first + m_count;
    if (place >= m_waiting.size())
        place -= m_waiting.size();
    m_waiting[place] = request;
    ++m_count;
    return Admission::waiting;
}

std::optional<RequestSlot> VirtualReplica::finish(RequestSlot request)
{
    const auto done = std::find(m_serving.begin(), m_serving.end(), request);
    *done = m_serving.back();
    m_serving.pop_back();
    return takeWaiting();
}

std::optional<RequestSlot> VirtualReplica::takeWaiting()
{
    if (m_count == 0 || m_serving.size() >= m_left.slotCount)
        return std::nullopt;
    const RequestSlot next = m_waiting[m_first];
    m_first = m_first + 1 == m_waiting.size() ? 0 : m_first + 1;
    --m_count;
    m_serving.push_back(next);
    return next;
}

std::optional<RequestSlot> VirtualReplica::withdraw(RequestSlot request)
{
    if (std::find(m_serving.begin(), m_serving.end(), request) != m_serving.end())
        return finish(request);
    std::size_t left = 0;
    for (std::size_t place = 0; place < m_count; ++place) {
        const RequestSlot one = m_waiting[(m_first + place) % m_waiting.size()];
        if (one != request)
            m_waiting[(m_first + left++) % m_waiting.size()] = one;
    }
    m_count = left;
    return std::nullopt;
}

std::optional<RequestSlot> VirtualReplica::firstWaiting() const
{
    return m_count == 0 ? std::nullopt : std::optional(m_waiting[m_first]);
}

std::vector<RequestSlot> VirtualReplica::present() const
{
    std::vector<RequestSlot> all = m_serving;
    for (std::size_t place = 0; place < m_count; ++place)
        all.push_back(m_waiting[(m_first + place) % m_waiting.size()]);
    return all;
}

std::vector<RequestSlot> VirtualReplica::stop()
{
    std::vector<RequestSlot> cut = present();
    m_serving.clear();
    m_count = 0;
    m_running = false;
    return cut;
}

void VirtualReplica::start()
{
    if (!m_running)
        ++m_incarnation;
    m_running = true;
}

} // namespace stickyscope
