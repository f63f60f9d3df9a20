// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/epoll_event_loop.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QThread>

#include <algorithm>
#include <array>
#include <limits>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

namespace stickyscope::wire {

namespace {

constexpr std::array<unsigned, 3> maskOf {EPOLLIN, EPOLLOUT, EPOLLPRI};
constexpr std::array<unsigned, 3> readyOf {EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP,
                                           EPOLLOUT | EPOLLHUP | EPOLLERR, EPOLLPRI};

} // namespace

unsigned EpollEventLoop::Socket::mask() const
{
    unsigned mask = 0;
    for (std::size_t type = 0; type < maskOf.size(); ++type) {
        if (notifiers[type])
            mask |= maskOf[type];
    }
    return mask;
}

EpollEventLoop::EpollEventLoop(QObject* parent)
    : QAbstractEventDispatcher(parent)
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    epoll_event event {};
    event.events = EPOLLIN;
    event.data.fd = m_wake;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
}

EpollEventLoop::~EpollEventLoop()
{
    ::close(m_epoll);
    ::close(m_wake);
}

bool EpollEventLoop::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    m_interrupted = false;
    emit awake();
    // Before the posted events are sent: one that is posted meanwhile must not be waited over.
    m_woken = false;
    QCoreApplication::sendPostedEvents();
    if (m_interrupted)
        return false;
    tellChanges();
    const int timeout = patience(flags);
    if (timeout != 0)
        emit aboutToBlock();
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), timeout);
    bool any = false;
    for (int place = 0; place < count; ++place) {
        const int descriptor = events[static_cast<std::size_t>(place)].data.fd;
        if (descriptor == m_wake) {
            eventfd_t value = 0;
            ::eventfd_read(m_wake, &value);
            any = true;
        } else if (!flags.testFlag(QEventLoop::ExcludeSocketNotifiers)) {
            any = activate(descriptor, events[static_cast<std::size_t>(place)].events) || any;
        }
    }
    if (!flags.testFlag(QEventLoop::ExcludeSocketNotifiers))
        any = activateFiles() || any;
    return activateTimers() || any;
}

// How long epoll may wait, in milliseconds; -1: until something happens.
int EpollEventLoop::patience(QEventLoop::ProcessEventsFlags flags) const
{
    const bool readyFiles = !m_files.empty() && !flags.testFlag(QEventLoop::ExcludeSocketNotifiers);
    if (!flags.testFlag(QEventLoop::WaitForMoreEvents) || m_woken || readyFiles)
        return 0;
    if (m_due.empty())
        return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(m_due.begin()->first - Clock::now());
    return static_cast<int>(std::clamp<qint64>(left.count(), 0, 1'000'000'000));
}

// One's receiver may have closed the socket, and another may have got its number: the events are
// not that one's. Whoever is watched still is told again.
bool EpollEventLoop::activate(int descriptor, unsigned events)
{
    bool any = false;
    for (std::size_t type = 0; type < readyOf.size(); ++type) {
        const Socket& socket = m_sockets[static_cast<std::size_t>(descriptor)];
        QSocketNotifier* notifier = socket.notifiers[type];
        if (!notifier || socket.letGo || (events & readyOf[type]) == 0)
            continue;
        QEvent event(QEvent::SockAct);
        QCoreApplication::sendEvent(notifier, &event);
        any = true;
    }
    return any;
}

bool EpollEventLoop::activateFiles()
{
    if (m_files.empty())
        return false;
    const std::vector<int> files = m_files; // receivers may change it
    for (const int descriptor : files)
        activate(descriptor, EPOLLIN | EPOLLOUT);
    return true;
}

bool EpollEventLoop::activateTimers()
{
    if (m_due.empty())
        return false;
    const auto now = Clock::now();
    const std::vector<std::pair<Clock::time_point, int>> due(
        m_due.begin(), m_due.upper_bound({now, std::numeric_limits<int>::max()}));
    for (const auto& [when, id] : due) {
        // A receiver may have stopped this one, or started it anew.
        if (m_due.erase({when, id}) == 0)
            continue;
        Timer& timer = m_timers.at(id);
        timer.due = std::max(when + timer.interval, now);
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer.object, &event);
        if (const auto after = m_timers.find(id); after != m_timers.end())
            m_due.emplace(after->second.due, id);
    }
    return !due.empty();
}

void EpollEventLoop::registerSocketNotifier(QSocketNotifier* notifier)
{
    const auto descriptor = static_cast<std::size_t>(notifier->socket());
    if (descriptor >= m_sockets.size())
        m_sockets.resize(std::max(descriptor + 1, m_sockets.size() * 2));
    m_sockets[descriptor].notifiers[notifier->type()] = notifier;
    change(descriptor);
}

void EpollEventLoop::unregisterSocketNotifier(QSocketNotifier* notifier)
{
    const auto descriptor = static_cast<std::size_t>(notifier->socket());
    if (descriptor >= m_sockets.size()
        || m_sockets[descriptor].notifiers[notifier->type()] != notifier)
        return;
    m_sockets[descriptor].notifiers[notifier->type()] = nullptr;
    change(descriptor);
}

void EpollEventLoop::change(std::size_t descriptor)
{
    Socket& socket = m_sockets[descriptor];
    socket.letGo = socket.letGo || socket.mask() == 0;
    if (!std::exchange(socket.changed, true))
        m_changed.push_back(static_cast<int>(descriptor));
}

void EpollEventLoop::tellChanges()
{
    for (const int descriptor : m_changed)
        tell(descriptor, m_sockets[static_cast<std::size_t>(descriptor)]);
    m_changed.clear();
}

void EpollEventLoop::tell(int descriptor, Socket& socket)
{
    socket.changed = false;
    const bool letGo = std::exchange(socket.letGo, false);
    if (letGo)
        forgetFile(descriptor, socket);
    const unsigned mask = socket.mask();
    const unsigned before = std::exchange(socket.told, mask);
    if (socket.alwaysReady || (mask == before && !letGo))
        return;
    epoll_event event {};
    event.events = mask;
    event.data.fd = descriptor;
    if (mask == 0) {
        ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr); // in vain where it is closed
        return;
    }
    if (::epoll_ctl(m_epoll, before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event) == 0)
        return;
    // A descriptor that was closed while it was watched is not known any more under its number.
    if (errno == ENOENT && ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) == 0)
        return;
    if (errno == EPERM) {
        socket.told = 0;
        socket.alwaysReady = true;
        m_files.push_back(descriptor);
    }
}

void EpollEventLoop::forgetFile(int descriptor, Socket& socket)
{
    if (std::exchange(socket.alwaysReady, false))
        std::erase(m_files, descriptor);
}

void EpollEventLoop::registerTimer(int id, qint64 interval, Qt::TimerType type, QObject* object)
{
    const std::chrono::milliseconds length(std::max<qint64>(interval, 0));
    const auto due = Clock::now() + length;
    m_timers[id] = {object, length, type, due};
    m_due.emplace(due, id);
}

bool EpollEventLoop::unregisterTimer(int id)
{
    const auto timer = m_timers.find(id);
    if (timer == m_timers.end())
        return false;
    m_due.erase({timer->second.due, id});
    m_timers.erase(timer);
    return true;
}

bool EpollEventLoop::unregisterTimers(QObject* object)
{
    const QList<TimerInfo> timers = registeredTimers(object);
    for (const TimerInfo& timer : timers)
        unregisterTimer(timer.timerId);
    return !timers.isEmpty();
}

QList<QAbstractEventDispatcher::TimerInfo> EpollEventLoop::registeredTimers(QObject* object) const
{
    QList<TimerInfo> timers;
    for (const auto& [id, timer] : m_timers) {
        if (timer.object == object)
            timers.append(TimerInfo(id, static_cast<int>(timer.interval.count()), timer.type));
    }
    return timers;
}

int EpollEventLoop::remainingTime(int id)
{
    const auto timer = m_timers.find(id);
    if (timer == m_timers.end())
        return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(timer->second.due - Clock::now());
    return static_cast<int>(std::max<qint64>(left.count(), 0));
}

void EpollEventLoop::wakeUp()
{
    // Who posts from this thread itself is not waiting in epoll.
    if (!m_woken.exchange(true) && QThread::currentThread() != thread())
        ::eventfd_write(m_wake, 1);
}

void EpollEventLoop::interrupt()
{
    m_interrupted = true;
    // It may have been woken for something else a moment ago, and not look any more.
    m_woken = true;
    ::eventfd_write(m_wake, 1);
}

std::size_t raiseOpenFiles()
{
    rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return static_cast<std::size_t>(::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur
                                                                            : before);
}

} // namespace stickyscope::wire
