// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_plan.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace stickyscope {

/// Whether clients open WebSockets, what they say on them, and how long they stay.
class SocketFields : public QWidget
{
    Q_OBJECT

public:
    explicit SocketFields(QWidget* parent);

    bool used() const;
    /// Fields of the handshake: Origin and Sec-WebSocket-Protocol, where they are given.
    std::vector<std::pair<std::string, std::string>> handshakeFields() const;
    live::SocketPlan plan() const;

private:
    QCheckBox* m_used;
    QLineEdit* m_message;
    QComboBox* m_send;
    QSpinBox* m_pause;
    QDoubleSpinBox* m_lifetime;
    QLineEdit* m_origin;
    QLineEdit* m_protocol;
};

} // namespace stickyscope
