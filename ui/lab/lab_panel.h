// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/lane_address.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;

namespace stickyscope {

/// Real: what runs on this computer and where, with a line for the terminal and a page for the
/// browser for each lane, and the button that ends it all.
class LabPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LabPanel(QWidget* parent);

    /// What was started, in words; and where each lane can be asked.
    void showRunning(const QString& what, const std::vector<lab::LaneAddress>& lanes);
    /// It has ended, or could not begin: one line that says why.
    void showStopped(const QString& why);
    bool running() const { return m_running; }

signals:
    void startAsked();
    void stopAsked();

private:
    void addLane(const lab::LaneAddress& lane, bool keepsCookies);

    QLabel* m_state;
    QPushButton* m_start;
    QPushButton* m_stop;
    QWidget* m_lanes; ///< made anew with each start
    QGridLayout* m_grid = nullptr;
    bool m_running = false;
};

/// The line for a terminal that asks once a second: without a jar, or with one.
QString curlLineFor(const QString& address, bool keepsCookies);

} // namespace stickyscope
