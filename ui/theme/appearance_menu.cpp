// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance_menu.h"

#include <QApplication>
#include <QSettings>

namespace stickyscope {

namespace {

constexpr auto appearanceKey = "appearance";
constexpr auto stillKey = "reducedMotion";

} // namespace

AppearanceMenu::AppearanceMenu(QWidget* parent)
    : QMenu(tr("Appearance"), parent)
    , m_appearance(
          static_cast<Appearance>(QSettings().value(QLatin1String(appearanceKey), 0).toInt()))
    , m_still(new QAction(tr("Start without motion"), this))
{
    addAction(tr("As the system"), this, [this] { choose(Appearance::system); });
    addAction(tr("Light"), this, [this] { choose(Appearance::light); });
    addAction(tr("Dark"), this, [this] { choose(Appearance::dark); });
    m_still->setCheckable(true);
    m_still->setChecked(startsStill());
    connect(m_still, &QAction::toggled, this,
            [](bool on) { QSettings().setValue(QLatin1String(stillKey), on); });
}

bool AppearanceMenu::startsStill()
{
    return QSettings().value(QLatin1String(stillKey)).toBool();
}

void AppearanceMenu::choose(Appearance appearance)
{
    m_appearance = appearance;
    QSettings().setValue(QLatin1String(appearanceKey), static_cast<int>(appearance));
    apply();
}

void AppearanceMenu::apply()
{
    const bool dark =
        m_appearance == Appearance::dark || (m_appearance == Appearance::system && systemIsDark());
    const Theme theme = dark ? Theme::darkOne() : Theme::light();
    applyTheme(*qApp, theme);
    emit themeChanged(theme);
}

} // namespace stickyscope
