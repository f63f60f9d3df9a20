// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_run.h"
#include "sim/live/verdict.h"
#include "ui/theme/theme.h"

#include <QThread>
#include <QWidget>

#include <atomic>
#include <memory>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace stickyscope {

/// My service: an address or a curl line goes in, the probe's verdict and two live lanes come out.
class ServicePanel : public QWidget
{
    Q_OBJECT

public:
    explicit ServicePanel(QWidget* parent);
    ~ServicePanel() override;

    void setTarget(const QString& text);
    /// Asks the target at most 40 times, says the verdict, then has it watched.
    void look();
    /// Ends all traffic.
    void stop();
    QString verdict() const;

signals:
    /// The verdict is there, and the service may be watched by this plan.
    void watchAsked(const stickyscope::live::LivePlan& plan);
    void stopAsked();

private:
    void probe(const live::Target& target);
    void showVerdict(const live::ProbeEvidence& evidence, const live::Verdict& verdict);
    bool confirmed(const live::Target& target);
    live::LivePlan plan() const;

    QLineEdit* m_target;
    QLineEdit* m_sticky;
    QPushButton* m_look;
    QPushButton* m_stop;
    QProgressBar* m_progress;
    QLabel* m_verdict;
    std::unique_ptr<QThread> m_thread;
    std::atomic<bool> m_stopAsked {false};
    live::Target m_asked;
    std::string m_found; ///< the sticky cookie of the last probe
    std::string m_permitted; ///< a host beyond this machine that was confirmed
};

} // namespace stickyscope
