// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QMenu;
class QPushButton;

namespace stickyscope {

class ElidedLabel;
class TransportBar;

/// The window's first line: what is shown, the transport bar in the middle, and on the right what
/// can be unfolded.
class WindowHeader : public QWidget
{
    Q_OBJECT

public:
    explicit WindowHeader(QWidget* parent);

    TransportBar& transport() { return *m_transport; }
    void setTitle(const QString& title);
    /// Whether real servers run that are not shown.
    void setLabWaits(bool waits);
    void setMenu(QMenu* menu);
    void setUnfolded(bool model, bool lab, bool service);

signals:
    void modelToggled(bool on);
    void labToggled(bool on);
    void serviceToggled(bool on);

private:
    ElidedLabel* m_title;
    TransportBar* m_transport;
    QPushButton* m_model;
    QPushButton* m_lab;
    QPushButton* m_service;
    QPushButton* m_menu;
};

} // namespace stickyscope
