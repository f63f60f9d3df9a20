// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_slots.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

ReplicaSlots::ReplicaSlots(int slotCount, int queue, QObject* parent)
    : QObject(parent)
    , m_slotCount(static_cast<std::size_t>(slotCount))
    , m_queue(static_cast<std::size_t>(queue))
    , m_left(roomBeside(0, m_slotCount, m_queue))
{
}

bool ReplicaSlots::full() const
{
    return m_serving.size() >= m_left.slotCount && m_waiting.size() >= m_left.places;
}

bool ReplicaSlots::admit(const void* whose, Duration demand, std::function<void()> done)
{
    if (full())
        return false;
    Work work {.whose = whose, .left = demand, .done = std::move(done)};
    if (m_serving.size() < m_left.slotCount)
        serve(std::move(work));
    else
        m_waiting.push_back(std::move(work));
    return true;
}

void ReplicaSlots::serve(Work work)
{
    if (!m_paused && work.left <= Duration::zero())
        return work.done();
    m_serving.push_back(std::move(work));
    if (!m_paused)
        goOn(m_serving.back());
}

void ReplicaSlots::goOn(Work& work)
{
    work.turn = ++m_turns;
    work.endsAt = Clock::now() + work.left;
    // Qt knows whole milliseconds.
    const auto wait = std::chrono::round<std::chrono::milliseconds>(work.left);
    QTimer::singleShot(std::max(wait, std::chrono::milliseconds(0)), Qt::PreciseTimer, this,
                       [this, turn = work.turn] { timeIsUp(turn); });
}

void ReplicaSlots::timeIsUp(unsigned turn)
{
    const auto over = std::find_if(m_serving.begin(), m_serving.end(),
                                   [turn](const Work& work) { return work.turn == turn; });
    if (over == m_serving.end())
        return;
    const auto done = std::move(over->done);
    m_serving.erase(over);
    done();
    next();
}

void ReplicaSlots::next()
{
    while (m_serving.size() < m_left.slotCount && !m_waiting.empty()) {
        Work work = std::move(m_waiting.front());
        m_waiting.pop_front();
        serve(std::move(work));
    }
}

void ReplicaSlots::withdraw(const void* whose)
{
    const auto isIts = [whose](const Work& work) { return work.whose == whose; };
    std::erase_if(m_waiting, isIts);
    if (std::erase_if(m_serving, isIts) > 0)
        next();
}

void ReplicaSlots::pause()
{
    if (std::exchange(m_paused, true))
        return;
    const auto now = Clock::now();
    for (Work& work : m_serving) {
        work.left = std::max<Duration>(work.endsAt - now, Duration::zero());
        work.turn = ++m_turns;
    }
}

void ReplicaSlots::resume()
{
    if (!std::exchange(m_paused, false))
        return;
    for (Work& work : m_serving)
        goOn(work);
    next();
}

void ReplicaSlots::setIdleConnections(std::int64_t count)
{
    m_left = roomBeside(count, m_slotCount, m_queue);
    next();
}

void ReplicaSlots::clear()
{
    m_serving.clear();
    m_waiting.clear();
}

} // namespace stickyscope::lab
