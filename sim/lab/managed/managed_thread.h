// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThread>

#include <deque>
#include <functional>

class QObject;

namespace stickyscope::lab {

/// The thread of real balancers: who waits for a program does so here, with an event loop of its
/// own, one task after the other. Programs end with the thread that started them.
class ManagedThread
{
public:
    using Task = std::function<void()>;

    ManagedThread();
    ManagedThread(const ManagedThread&) = delete;
    ManagedThread& operator=(const ManagedThread&) = delete;
    /// Waits for the task that is under way; the others are not begun.
    ~ManagedThread();

    /// Done before it returns, behind what was posted before.
    void run(const Task& task);
    void post(Task task);
    /// Calls `look` there four times a second, between tasks.
    void watch(Task look);

private:
    void next();

    std::deque<Task> m_tasks; ///< of the thread alone
    bool m_busy = false;
    QObject* m_context; ///< lives on the thread, and ends with it
    QThread m_thread;
};

} // namespace stickyscope::lab
