// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractEventDispatcher>

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace stickyscope::wire {

/// An event dispatcher for threads with many sockets. Qt's own look at every open socket each time
/// they wake up, so that one busy connection beside a thousand idle ones becomes ten times slower;
/// the kernel's epoll tells only of those that are ready. Give it to a thread before it starts:
/// thread.setEventDispatcher(new EpollEventLoop). Timers are as precise as epoll: a millisecond.
class EpollEventLoop : public QAbstractEventDispatcher
{
    Q_OBJECT

public:
    explicit EpollEventLoop(QObject* parent = nullptr);
    ~EpollEventLoop() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;
    void registerSocketNotifier(QSocketNotifier* notifier) override;
    void unregisterSocketNotifier(QSocketNotifier* notifier) override;
    void registerTimer(int id, qint64 interval, Qt::TimerType type, QObject* object) override;
    bool unregisterTimer(int id) override;
    bool unregisterTimers(QObject* object) override;
    QList<TimerInfo> registeredTimers(QObject* object) const override;
    int remainingTime(int id) override;
    void wakeUp() override;
    void interrupt() override;

private:
    using Clock = std::chrono::steady_clock;

    struct Socket
    {
        QSocketNotifier* notifiers[3] = {}; ///< by QSocketNotifier::Type
        unsigned told = 0; ///< what epoll watches it for
        bool changed = false; ///< epoll is to be told before it is asked again
        bool letGo = false; ///< for a moment nobody watched it: the number may be another's by now
        bool alwaysReady = false; ///< a file, which epoll does not take

        unsigned mask() const;
    };
    struct Timer
    {
        QObject* object = nullptr;
        std::chrono::milliseconds interval {};
        Qt::TimerType type {};
        Clock::time_point due;
    };

    void change(std::size_t descriptor);
    void tellChanges();
    void tell(int descriptor, Socket& socket);
    void forgetFile(int descriptor, Socket& socket);
    bool activate(int descriptor, unsigned events);
    bool activateFiles();
    bool activateTimers();
    int patience(QEventLoop::ProcessEventsFlags flags) const;

    int m_epoll;
    int m_wake; ///< an eventfd
    std::vector<Socket> m_sockets; ///< by descriptor
    std::vector<int> m_changed; ///< a request turns them on and off several times
    std::vector<int> m_files;
    std::map<int, Timer> m_timers; ///< by id
    std::set<std::pair<Clock::time_point, int>> m_due; ///< those whose event is not under way
    std::atomic<bool> m_woken = false;
    std::atomic<bool> m_interrupted = false;
};

/// Raises the number of files that may be open to what the system lets us have. Children inherit
/// it. The number that is allowed now.
std::size_t raiseOpenFiles();

} // namespace stickyscope::wire
