// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace stickyscope {

/// Run, pause, step, back, reset, speed: the same bar in every world. It shows what it is told,
/// and says what was asked for.
class TransportBar : public QWidget
{
    Q_OBJECT

public:
    explicit TransportBar(QWidget* parent);

    void setState(bool playing, const Snapshot& snapshot);
    void setSpeed(double speed);
    /// Only run and pause, for a world whose time cannot be turned back; `running` says what they
    /// do there.
    void setTimeTravel(bool possible, const QString& running);
    /// Step, back and reset are folded on the first screen.
    void setUnfolded(bool unfolded);
    void faster();
    void slower();

signals:
    void playToggled();
    void stepAsked();
    void backAsked();
    void resetAsked();
    void speedAsked(double speed);

private:
    void changeSpeed(int by);

    QPushButton* m_reset;
    QPushButton* m_back;
    QPushButton* m_play;
    QPushButton* m_step;
    QPushButton* m_speed;
    QLabel* m_time;
    double m_shownSpeed = 1;
    bool m_timeTravel = true;
    bool m_unfolded = false;
};

/// A button that answers to Enter as well as to Space, with a name for tests and screen readers.
QPushButton* makeButton(const QString& text, const QString& name, const QString& hint,
                        QWidget* parent);

} // namespace stickyscope
