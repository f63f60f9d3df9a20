// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/managed_thread.h"

#include <QObject>
#include <QSemaphore>
#include <QTimer>

#include <utility>

namespace stickyscope::lab {

namespace {

constexpr int lookMilliseconds = 250;

} // namespace

ManagedThread::ManagedThread()
    : m_context(new QObject)
{
    m_context->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start();
}

ManagedThread::~ManagedThread()
{
    QMetaObject::invokeMethod(
        m_context, [this] { m_tasks.clear(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void ManagedThread::run(const Task& task)
{
    QSemaphore done;
    post([&] {
        task();
        done.release();
    });
    done.acquire();
}

void ManagedThread::post(Task task)
{
    QMetaObject::invokeMethod(m_context, [this, task = std::move(task)] {
        m_tasks.push_back(task);
        next();
    });
}

void ManagedThread::watch(Task look)
{
    post([this, look = std::move(look)] {
        auto* timer = new QTimer(m_context);
        QObject::connect(timer, &QTimer::timeout, m_context, [this, look] {
            if (!m_busy)
                look();
        });
        timer->start(lookMilliseconds);
    });
}

// A task may wait in an event loop, in which the next one arrives.
void ManagedThread::next()
{
    if (m_busy)
        return;
    m_busy = true;
    while (!m_tasks.empty()) {
        const Task task = std::move(m_tasks.front());
        m_tasks.pop_front();
        task();
    }
    m_busy = false;
}

} // namespace stickyscope::lab
