// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>

#include <cstddef>
#include <vector>

class QApplication;
class QPalette;
class QWidget;

namespace stickyscope {

/// The colours of everything but replicas. Accents are ink, weight and shape, so that the
/// replicas' colours mean replicas alone.
struct Theme
{
    QColor window;
    QColor card;
    QColor border;
    QColor ink;
    QColor faint; ///< secondary text; 4.5:1 on a card
    QColor line; ///< connections on the stage
    QColor button;
    QColor onButton;
    QColor focus;
    bool dark = false;
    /// Replicas' marks have an outline of ink, and nothing fades.
    bool outlined = false;

    static Theme light();
    static Theme darkOne();
    /// Two colours, and nothing between them that could be missed.
    static Theme highContrast(const QColor& paper, const QColor& ink);
    /// Light, dark or of high contrast, as this palette of the system is.
    static Theme like(const QPalette& system);
};

/// Whether somebody has chosen these colours to see better: everything has one ground.
bool isHighContrast(const QPalette& palette);

/// The colour of a replica, the same in every picture: Okabe and Ito's for the first eight.
QColor replicaColour(std::size_t index);
/// Which of those colours each replica has from now on; those beyond the list, or all where it is
/// empty, have them in turn.
void setReplicaColours(std::vector<std::size_t> places);
/// Black or white ink, whichever reads better on `background` (WCAG contrast).
QColor inkOn(const QColor& background);
/// WCAG 2.1 contrast ratio, 1 to 21.
double contrast(const QColor& one, const QColor& other);

/// The program's font, `scale` times its normal size.
QFont scaledFont(double scale, QFont::Weight weight = QFont::Normal);
/// Gives the widget this font, and the one that is its size when the program's font changes.
void scaleFont(QWidget* widget, double scale, QFont::Weight weight = QFont::Normal);
/// The program's font has changed.
void scaleFontsAnew();

/// As the system is, until somebody chooses.
enum class Appearance : std::uint8_t
{
    system,
    light,
    dark,
    highContrast
};
void applyTheme(QApplication& application, const Theme& theme);

} // namespace stickyscope
