// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/epoll_event_loop.h"

#include <QEventLoop>
#include <QSocketNotifier>
#include <QThread>
#include <QTimer>

#include <doctest/doctest.h>
#include <functional>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>

using namespace stickyscope::wire;

namespace {

// Runs it on a thread whose event loop is ours, until it has returned.
void onEpollThread(const std::function<void()>& act)
{
    QThread thread;
    thread.setEventDispatcher(new EpollEventLoop);
    QObject there;
    there.moveToThread(&thread);
    QObject::connect(&thread, &QThread::started, &there, [&] {
        act();
        there.moveToThread(nullptr);
        thread.quit();
    });
    thread.start();
    CHECK(thread.wait(20'000));
}

struct Pair
{
    Pair() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends); }
    ~Pair()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    int ends[2] = {-1, -1};
};

} // namespace

TEST_CASE("Timers come in the order of their times, single ones once, others again")
{
    std::vector<int> order;
    onEpollThread([&] {
        QEventLoop loop;
        QTimer every;
        int times = 0;
        QObject::connect(&every, &QTimer::timeout, &every, [&] {
            if (++times == 5)
                loop.quit();
        });
        QTimer::singleShot(20, &loop, [&] { order.push_back(20); });
        QTimer::singleShot(5, &loop, [&] { order.push_back(5); });
        QTimer::singleShot(0, &loop, [&] { order.push_back(0); });
        every.start(10);
        CHECK(every.remainingTime() <= 10);
        loop.exec();
        CHECK(times == 5);
        every.stop();
        CHECK(every.remainingTime() == -1);
    });
    CHECK(order == std::vector<int> {0, 5, 20});
}

TEST_CASE("A timer may stop itself, another one, or its object may be deleted within it")
{
    onEpollThread([] {
        QEventLoop loop;
        int never = 0;
        QTimer victim;
        QObject::connect(&victim, &QTimer::timeout, &victim, [&] { ++never; });
        auto* gone = new QTimer;
        QObject::connect(gone, &QTimer::timeout, &loop, [&] {
            victim.stop();
            delete gone;
            QTimer::singleShot(5, &loop, &QEventLoop::quit);
        });
        gone->start(1);
        victim.start(1);
        victim.start(2);
        loop.exec();
        CHECK(never == 0);
    });
}

TEST_CASE("Sockets tell when they can be read and written, and only while they are watched")
{
    onEpollThread([] {
        const Pair pair;
        QEventLoop loop;
        std::string got;
        int writable = 0;
        QSocketNotifier reads(pair.ends[0], QSocketNotifier::Read);
        QSocketNotifier writes(pair.ends[0], QSocketNotifier::Write);
        QObject::connect(&reads, &QSocketNotifier::activated, &reads, [&] {
            char octet = 0;
            if (::read(pair.ends[0], &octet, 1) == 1)
                got += octet;
            if (got.size() == 3)
                loop.quit();
        });
        QObject::connect(&writes, &QSocketNotifier::activated, &writes, [&] {
            ++writable;
            writes.setEnabled(false);
            CHECK(::write(pair.ends[1], "abc", 3) == 3);
        });
        loop.exec();
        CHECK(got == "abc");
        CHECK(writable == 1);
        reads.setEnabled(false);
        CHECK(::write(pair.ends[1], "d", 1) == 1);
        QTimer::singleShot(10, &loop, &QEventLoop::quit);
        loop.exec();
        CHECK(got == "abc");
        reads.setEnabled(true);
        QObject::connect(&reads, &QSocketNotifier::activated, &loop, &QEventLoop::quit);
        loop.exec();
        CHECK(got == "abcd");
    });
}

TEST_CASE("A socket that gets its predecessor's number in the same turn is watched")
{
    onEpollThread([] {
        QEventLoop loop;
        int wrong = 0;
        int seen = 0;
        QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
        auto first = std::make_unique<Pair>();
        const int number = first->ends[0];
        auto old = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
        QObject::connect(old.get(), &QSocketNotifier::activated, old.get(), [&] { ++wrong; });
        std::unique_ptr<Pair> second;
        std::unique_ptr<QSocketNotifier> reads;
        // By now epoll knows the first one.
        QTimer::singleShot(1, &loop, [&] {
            old.reset();
            first.reset();
            second = std::make_unique<Pair>();
            REQUIRE(second->ends[0] == number);
            reads = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
            QObject::connect(reads.get(), &QSocketNotifier::activated, &loop, [&] {
                ++seen;
                loop.quit();
            });
            CHECK(::write(second->ends[1], "x", 1) == 1);
        });
        loop.exec();
        CHECK(seen == 1);
        CHECK(wrong == 0);
    });
}

TEST_CASE("What befell a socket is not told to whoever gets its number while it is being told")
{
    onEpollThread([] {
        QEventLoop loop;
        int wrong = 0;
        auto first = std::make_unique<Pair>();
        const int number = first->ends[0];
        auto reads = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
        std::unique_ptr<Pair> second;
        std::unique_ptr<QSocketNotifier> writes;
        QObject::connect(reads.get(), &QSocketNotifier::activated, &loop, [&] {
            reads->setEnabled(false);
            first.reset();
            second = std::make_unique<Pair>();
            REQUIRE(second->ends[0] == number);
            // Nothing can be written to it.
            const std::string much(std::size_t {1} << 16U, 'x');
            while (::write(number, much.data(), much.size()) > 0) { }
            writes = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Write);
            QObject::connect(writes.get(), &QSocketNotifier::activated, &loop, [&] { ++wrong; });
            QTimer::singleShot(50, &loop, &QEventLoop::quit);
        });
        QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
        // The other end hangs up.
        ::shutdown(first->ends[1], SHUT_RDWR);
        loop.exec();
        CHECK(second);
        CHECK(wrong == 0);
    });
}

TEST_CASE("A number that the system gives away again belongs to the new socket alone")
{
    onEpollThread([] {
        QEventLoop loop;
        int wrong = 0;
        int number = -1;
        {
            const Pair first;
            number = first.ends[0];
            QSocketNotifier old(number, QSocketNotifier::Read);
            QObject::connect(&old, &QSocketNotifier::activated, &old, [&] { ++wrong; });
        }
        const Pair second;
        REQUIRE(second.ends[0] == number);
        QSocketNotifier reads(number, QSocketNotifier::Read);
        QObject::connect(&reads, &QSocketNotifier::activated, &loop, &QEventLoop::quit);
        CHECK(::write(second.ends[1], "x", 1) == 1);
        loop.exec();
        CHECK(wrong == 0);
    });
}

TEST_CASE("Another thread's events wake it")
{
    QThread thread;
    thread.setEventDispatcher(new EpollEventLoop);
    thread.start();
    QObject there;
    there.moveToThread(&thread);
    int count = 0;
    for (int time = 0; time < 1000; ++time)
        QMetaObject::invokeMethod(
            &there, [&count] { ++count; },
            time % 100 == 99 ? Qt::BlockingQueuedConnection : Qt::QueuedConnection);
    thread.quit();
    CHECK(thread.wait(20'000));
    CHECK(count == 1000);
}

TEST_CASE("The number of files that may be open is raised to what is allowed")
{
    const std::size_t raised = raiseOpenFiles();
    CHECK(raised >= 1024);
    CHECK(raiseOpenFiles() == raised);
}
