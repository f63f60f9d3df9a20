// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QObject>

#include <deque>
#include <functional>

namespace stickyscope::lab {

/// A replica's slots and its queue, by the wall clock: so many requests are served at once, each
/// for as long as its demand is, and so many wait for a slot (ReplicaSpec).
class ReplicaSlots final : public QObject
{
    Q_OBJECT

public:
    ReplicaSlots(int slotCount, int queue, QObject* parent);

    /// Calls `done` once the demand has been served, at once where it is zero and a slot is free.
    /// False where the queue is full; then `done` is dropped.
    bool admit(Duration demand, std::function<void()> done);
    /// Drops all that is being served or waits.
    void clear();

private:
    struct Work
    {
        Duration demand {};
        std::function<void()> done;
    };

    void serve(Work work);
    void next();

    std::size_t m_slots;
    std::size_t m_queue;
    std::size_t m_serving = 0;
    std::deque<Work> m_waiting;
    unsigned m_generation = 0; ///< timers of an older one are void
};

} // namespace stickyscope::lab
