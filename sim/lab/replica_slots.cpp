// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_slots.h"

#include <QTimer>

#include <utility>

namespace stickyscope::lab {

ReplicaSlots::ReplicaSlots(int slotCount, int queue, QObject* parent)
    : QObject(parent)
    , m_slots(static_cast<std::size_t>(slotCount))
    , m_queue(static_cast<std::size_t>(queue))
{
}

bool ReplicaSlots::admit(Duration demand, std::function<void()> done)
{
    if (m_serving < m_slots) {
        serve({demand, std::move(done)});
        return true;
    }
    if (m_waiting.size() >= m_queue)
        return false;
    m_waiting.push_back({demand, std::move(done)});
    return true;
}

void ReplicaSlots::serve(Work work)
{
    if (work.demand <= Duration::zero())
        return work.done();
    ++m_serving;
    // Qt knows whole milliseconds.
    const auto wait = std::chrono::round<std::chrono::milliseconds>(work.demand);
    QTimer::singleShot(wait, Qt::PreciseTimer, this,
                       [this, generation = m_generation, done = std::move(work.done)] {
                           if (generation != m_generation)
                               return;
                           --m_serving;
                           done();
                           next();
                       });
}

void ReplicaSlots::next()
{
    while (m_serving < m_slots && !m_waiting.empty()) {
        Work work = std::move(m_waiting.front());
        m_waiting.pop_front();
        serve(std::move(work));
    }
}

void ReplicaSlots::clear()
{
    ++m_generation;
    m_serving = 0;
    m_waiting.clear();
}

} // namespace stickyscope::lab
