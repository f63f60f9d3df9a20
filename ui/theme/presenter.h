// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>
#include <QSize>

class QWidget;

namespace stickyscope {

class AppearanceMenu;

/// The window for a room: it fills the screen, and all type is larger. Afterwards it is as it was.
class Presenter : public QObject
{
    Q_OBJECT

public:
    /// How much larger all of the type is, in all windows: one and a half times on a screen of
    /// 1280 x 720, where everything still fits then; in proportion on others, but never smaller
    /// than it was, and not without end.
    static double largerOn(const QSize& screen);

    Presenter(AppearanceMenu& appearance, QWidget* window);

    void toggle();

signals:
    void toggled(bool on);

private:
    void setType(const QFont& font);

    AppearanceMenu& m_appearance;
    QWidget* m_window;
    QFont m_usual; ///< while it is on
    bool m_on = false;
};

} // namespace stickyscope
