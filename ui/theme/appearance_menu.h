// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QMenu>

namespace stickyscope {

/// How the window looks, as the system or as somebody has chosen, and whether it starts without
/// motion. Remembers both.
class AppearanceMenu : public QMenu
{
    Q_OBJECT

public:
    explicit AppearanceMenu(QWidget* parent);

    void choose(Appearance appearance);
    /// Gives the program its colours.
    void apply();
    /// For a menu beside this one.
    QAction* stillAction() const { return m_still; }
    static bool startsStill();

signals:
    void themeChanged(const stickyscope::Theme& theme);

private:
    Theme chosenTheme() const;

    Appearance m_appearance;
    QAction* m_still;
};

} // namespace stickyscope
