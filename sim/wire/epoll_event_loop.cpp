// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/epoll_event_loop.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QThread>

#include <algorithm>
#include <array>
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
    const int timeout = patience(flags);
    if (timeout != 0)
        emit aboutToBlock();
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), timeout);
    if (timeout != 0)
        emit awake();
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
    auto next = Clock::time_point::max();
    for (const auto& [id, timer] : m_timers) {
        if (!timer.active)
            next = std::min(next, timer.due);
    }
    if (next == Clock::time_point::max())
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    return static_cast<int>(std::clamp<qint64>(left.count(), 0, 1'000'000'000));
}

// The notifiers are looked up for each type: one's receiver may have closed the socket, and another
// may have got its number. That one is then asked in vain at worst.
bool EpollEventLoop::activate(int descriptor, unsigned events)
{
    bool any = false;
    for (std::size_t type = 0; type < readyOf.size(); ++type) {
        QSocketNotifier* notifier = (events & readyOf[type]) != 0
            ? m_sockets[static_cast<std::size_t>(descriptor)].notifiers[type]
            : nullptr;
        if (!notifier)
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
    if (m_timers.empty())
        return false;
    const auto now = Clock::now();
    std::vector<std::pair<Clock::time_point, int>> due;
    for (const auto& [id, timer] : m_timers) {
        if (timer.due <= now && !timer.active)
            due.emplace_back(timer.due, id);
    }
    std::sort(due.begin(), due.end());
    for (const auto& [when, id] : due) {
        const auto timer = m_timers.find(id);
        // A receiver may have stopped this one, or started it anew.
        if (timer == m_timers.end() || timer->second.due != when)
            continue;
        timer->second.due = std::max(when + timer->second.interval, now);
        timer->second.active = true;
        QTimerEvent event(id);
        QCoreApplication::sendEvent(timer->second.object, &event);
        if (const auto after = m_timers.find(id); after != m_timers.end())
            after->second.active = false;
    }
    return !due.empty();
}

void EpollEventLoop::registerSocketNotifier(QSocketNotifier* notifier)
{
    const auto descriptor = static_cast<std::size_t>(notifier->socket());
    if (descriptor >= m_sockets.size())
        m_sockets.resize(std::max(descriptor + 1, m_sockets.size() * 2));
    Socket& socket = m_sockets[descriptor];
    const unsigned before = socket.mask();
    socket.notifiers[notifier->type()] = notifier;
    watch(static_cast<int>(descriptor), before);
}

void EpollEventLoop::unregisterSocketNotifier(QSocketNotifier* notifier)
{
    const auto descriptor = static_cast<std::size_t>(notifier->socket());
    if (descriptor >= m_sockets.size()
        || m_sockets[descriptor].notifiers[notifier->type()] != notifier)
        return;
    const unsigned before = m_sockets[descriptor].mask();
    m_sockets[descriptor].notifiers[notifier->type()] = nullptr;
    watch(static_cast<int>(descriptor), before);
}

void EpollEventLoop::watch(int descriptor, unsigned before)
{
    Socket& socket = m_sockets[static_cast<std::size_t>(descriptor)];
    const unsigned mask = socket.mask();
    if (mask == 0) {
        std::erase(m_files, descriptor);
        if (!socket.alwaysReady)
            ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
        socket.alwaysReady = false;
        return;
    }
    if (socket.alwaysReady)
        return;
    epoll_event event {};
    event.events = mask;
    event.data.fd = descriptor;
    if (::epoll_ctl(m_epoll, before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event) == 0)
        return;
    // A descriptor that was closed while it was watched is not known any more under its number.
    if (errno == ENOENT && ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) == 0)
        return;
    if (errno == EPERM) {
        socket.alwaysReady = true;
        m_files.push_back(descriptor);
    }
}

void EpollEventLoop::registerTimer(int id, qint64 interval, Qt::TimerType type, QObject* object)
{
    const std::chrono::milliseconds length(std::max<qint64>(interval, 0));
    m_timers[id] = {object, length, type, Clock::now() + length};
}

bool EpollEventLoop::unregisterTimer(int id)
{
    return m_timers.erase(id) > 0;
}

bool EpollEventLoop::unregisterTimers(QObject* object)
{
    return std::erase_if(m_timers,
                         [object](const auto& row) { return row.second.object == object; })
        > 0;
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
    wakeUp();
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
