// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_plan.h"
#include "sim/model/outcome.h"

#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace stickyscope {

/// Who answers, what a broken session is, and how often is asked.
class WatchFields : public QWidget
{
    Q_OBJECT

public:
    explicit WatchFields(QWidget* parent);

    /// Fills in rules, pace and number of clients; the plan's first group has its target already.
    /// One line where a field is wrong.
    Outcome<live::LivePlan> applied(live::LivePlan plan) const;
    /// Requests per second in all.
    double rate() const;
    void setRate(double rate);
    bool sendsRequestId() const;
    bool keepsAlive() const;
    std::string stickyName() const;
    /// Shown where the user has named none.
    void proposeSticky(const QString& name);

private:
    QLineEdit* m_identity;
    QLineEdit* m_identify;
    QLineEdit* m_broken;
    QLineEdit* m_sticky;
    QLineEdit* m_statistics;
    QSpinBox* m_clients;
    QDoubleSpinBox* m_rate;
    QCheckBox* m_keepAlive;
    QCheckBox* m_requestId;
};

} // namespace stickyscope
