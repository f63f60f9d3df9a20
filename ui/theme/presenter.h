// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>

class QWidget;

namespace stickyscope {

class AppearanceMenu;

/// The window for a room: it fills the screen, and all type is larger. Afterwards it is as it was.
class Presenter : public QObject
{
    Q_OBJECT

public:
    /// All of the type, in all windows, is one and a half times as large: what still fits a screen
    /// of 1280 x 720.
    static constexpr double larger = 1.5;

    Presenter(AppearanceMenu& appearance, QWidget* window);

    void toggle();

private:
    void setType(const QFont& font);

    AppearanceMenu& m_appearance;
    QWidget* m_window;
    QFont m_usual; ///< while it is on
    bool m_on = false;
};

} // namespace stickyscope
