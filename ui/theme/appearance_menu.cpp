// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance_menu.h"

#include <QActionGroup>
#include <QApplication>
#include <QPalette>
#include <QSettings>

namespace stickyscope {

namespace {

constexpr auto appearanceKey = "appearance";
constexpr auto stillKey = "reducedMotion";

// As the program has begun; later it is our own.
const QPalette& systemPalette()
{
    static const QPalette palette = QApplication::palette();
    return palette;
}

} // namespace

AppearanceMenu::AppearanceMenu(QWidget* parent)
    : QMenu(tr("Appearance"), parent)
    , m_appearance(
          static_cast<Appearance>(QSettings().value(QLatin1String(appearanceKey), 0).toInt()))
    , m_still(new QAction(tr("Start without motion"), this))
{
    auto* choices = new QActionGroup(this);
    const auto add = [&](const QString& words, Appearance appearance) {
        QAction* action = addAction(words, this, [this, appearance] { choose(appearance); });
        action->setCheckable(true);
        action->setChecked(appearance == m_appearance);
        choices->addAction(action);
    };
    add(tr("As the system"), Appearance::system);
    add(tr("Light"), Appearance::light);
    add(tr("Dark"), Appearance::dark);
    add(tr("High contrast"), Appearance::highContrast);
    systemPalette(); // before it is ours
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

Theme AppearanceMenu::chosenTheme() const
{
    switch (m_appearance) {
    case Appearance::light:
        return Theme::light();
    case Appearance::dark:
        return Theme::darkOne();
    case Appearance::highContrast:
        return Theme::highContrast(Qt::black, Qt::white);
    case Appearance::system:
        break;
    }
    return Theme::like(systemPalette());
}

void AppearanceMenu::apply()
{
    const Theme theme = chosenTheme();
    applyTheme(*qApp, theme);
    emit themeChanged(theme);
}

} // namespace stickyscope
