// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/active_faults.h"
#include "sim/model/scenario.h"

#include <QObject>

#include <chrono>
#include <deque>
#include <functional>
#include <vector>

namespace stickyscope::lab {

/// A replica's slots and its queue, by the wall clock: so many requests are served at once, each
/// for as long as its demand is, and so many wait for a slot (ReplicaSpec).
class ReplicaSlots final : public QObject
{
    Q_OBJECT

public:
    ReplicaSlots(int slotCount, int queue, QObject* parent);

    /// Calls `done` once the demand has been served, at once where it is zero and a slot is free.
    /// False where the queue is full; then `done` is dropped. `whose` has one at a time.
    bool admit(const void* whose, Duration demand, std::function<void()> done);
    /// Whether one more would not be admitted.
    bool full() const;
    /// Nobody waits for this one's answer any more.
    void withdraw(const void* whose);
    /// What is served stands still, with what is left of its demand, until resume().
    void pause();
    void resume();
    /// Connections that ask nothing, which have the places of the queue, and then slots.
    void setIdleConnections(std::int64_t count);
    /// Drops all that is being served or waits.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    struct Work
    {
        const void* whose = nullptr;
        Duration left {}; ///< of its demand, when it was last let go on
        std::function<void()> done;
        Clock::time_point endsAt {};
        unsigned turn = 0; ///< timers of an earlier one are void
    };

    void serve(Work work);
    void goOn(Work& work);
    void timeIsUp(unsigned turn);
    void next();

    std::size_t m_slotCount;
    std::size_t m_queue;
    RoomLeft m_left;
    std::vector<Work> m_serving;
    std::deque<Work> m_waiting;
    unsigned m_turns = 0;
    bool m_paused = false;
};

} // namespace stickyscope::lab
