// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/presenter.h"

#include "ui/theme/appearance_menu.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace stickyscope {

Presenter::Presenter(AppearanceMenu& appearance, QWidget* window)
    : QObject(window)
    , m_appearance(appearance)
    , m_window(window)
{
}

double Presenter::largerOn(const QSize& screen)
{
    const double share = std::min(screen.width() / 1280.0, screen.height() / 720.0);
    return std::clamp(1.5 * share, 1.0, 2.25);
}

void Presenter::setType(const QFont& font)
{
    QApplication::setFont(font);
    // Axes and style sheets have taken their sizes from the last one; and a style sheet that is set
    // gives widgets the font back that they had.
    m_appearance.apply();
    scaleFontsAnew();
}

void Presenter::toggle()
{
    m_on = !m_on;
    if (m_on) {
        m_usual = QApplication::font();
        setType(scaledFont(largerOn(m_window->screen()->size())));
    } else {
        setType(m_usual);
    }
    // Maximised, it is so again afterwards.
    m_window->setWindowState(m_window->windowState().setFlag(Qt::WindowFullScreen, m_on));
    emit toggled(m_on);
}

} // namespace stickyscope
