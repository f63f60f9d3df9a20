// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lab_starter.h"

#include "sim/lab/lab_world.h"
#include "ui/format.h"

#include <QThread>

#include <utility>

namespace stickyscope {

LabStarter::LabStarter(QObject* parent)
    : QObject(parent)
{
}

LabStarter::~LabStarter()
{
    forget();
    for (QThread* thread : findChildren<QThread*>())
        thread->wait();
}

void LabStarter::start(std::shared_ptr<const Scenario> scenario, const lab::LabTerms& terms)
{
    forget();
    m_busy = true;
    m_stop = std::make_shared<std::atomic<bool>>(false);
    const int number = ++m_number;
    QThread* thread = QThread::create(
        [this, number, scenario = std::move(scenario), terms = terms, stop = m_stop]() mutable {
            terms.stopAsked = [stop] { return stop->load(); };
            auto made = lab::makeLab(scenario, terms);
            const QString why = made ? QString() : fromCore(made.error());
            std::shared_ptr<lab::Lab> begun;
            if (made)
                begun = std::make_shared<lab::Lab>(std::move(*made));
            QMetaObject::invokeMethod(this, [this, number, why, begun = std::move(begun)] {
                finish(number, begun, why);
            });
        });
    thread->setParent(this);
    connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    thread->start();
}

void LabStarter::forget()
{
    if (m_stop)
        *m_stop = true;
    ++m_number;
    m_busy = false;
}

void LabStarter::finish(int number, const std::shared_ptr<lab::Lab>& lab, const QString& why)
{
    if (number != m_number)
        return;
    m_busy = false;
    if (lab)
        emit started(lab);
    else
        emit failed(why);
}

} // namespace stickyscope
