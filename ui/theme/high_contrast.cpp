// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the system's colours ask of ours.
#include "ui/theme/theme.h"

#include <QPalette>

namespace stickyscope {

namespace {

// WCAG 2.1 asks 7 of the strictest; palettes that are made for contrast have more than twice that.
constexpr double leastContrast = 14;

QColor between(const QColor& one, const QColor& other, double share)
{
    const auto part = [share](int from, int to) {
        return from + static_cast<int>(share * (to - from));
    };
    return {part(one.red(), other.red()), part(one.green(), other.green()),
            part(one.blue(), other.blue())};
}

} // namespace

bool isHighContrast(const QPalette& palette)
{
    const QColor ground = palette.color(QPalette::Window);
    return ground == palette.color(QPalette::Base) && ground == palette.color(QPalette::Button)
        && contrast(ground, palette.color(QPalette::WindowText)) >= leastContrast
        && contrast(ground, palette.color(QPalette::Text)) >= leastContrast;
}

Theme Theme::highContrast(const QColor& paper, const QColor& ink)
{
    // What is disabled, and ways of which there are many, can be told from what matters more.
    constexpr double slightly = 0.2;
    constexpr double more = 0.35;
    return {.window = paper,
            .card = paper,
            .border = ink,
            .ink = ink,
            .faint = between(ink, paper, slightly),
            .line = between(ink, paper, more),
            .button = ink,
            .onButton = paper,
            .focus = ink,
            .dark = paper.lightness() < 128,
            .outlined = true};
}

Theme Theme::like(const QPalette& system)
{
    const QColor ground = system.color(QPalette::Window);
    if (isHighContrast(system))
        return highContrast(ground, system.color(QPalette::WindowText));
    return ground.lightness() < 128 ? darkOne() : light();
}

} // namespace stickyscope
