// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QObject>

#include <atomic>
#include <memory>

namespace stickyscope {

namespace lab {
struct Lab;
struct LabTerms;
} // namespace lab

/// Starts a lab whose balancers are programs, beside the window: they take a moment.
class LabStarter : public QObject
{
    Q_OBJECT

public:
    explicit LabStarter(QObject* parent);
    /// Ends what is being started.
    ~LabStarter() override;

    /// One at a time: what was asked before is forgotten.
    void start(std::shared_ptr<const Scenario> scenario, const lab::LabTerms& terms);
    /// What is being started ends; no signal follows.
    void forget();
    bool busy() const { return m_busy; }

signals:
    void started(const std::shared_ptr<stickyscope::lab::Lab>& lab);
    void failed(const QString& why);

private:
    void finish(int number, const std::shared_ptr<lab::Lab>& lab, const QString& why);

    int m_number = 0; ///< of the newest
    bool m_busy = false;
    std::shared_ptr<std::atomic<bool>> m_stop; ///< the newest's
};

} // namespace stickyscope
