// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QVariant>
#include <QWidget>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

// Outside of any namespace, as Qt asks: a static library's resources are not found without it.
static void initialiseIcons()
{
    Q_INIT_RESOURCE(theme);
}

namespace stickyscope {

namespace {

// Okabe and Ito, Color Universal Design (2008), without black; grey is the eighth.
constexpr std::array<QRgb, 16> replicaColours {
    0xff0072b2, 0xffe69f00, 0xff009e73, 0xffd55e00, 0xff56b4e9, 0xffcc79a7, 0xfff0e442, 0xff949494,
    0xff332288, 0xff88ccee, 0xff117733, 0xffddcc77, 0xffcc6677, 0xff882255, 0xff44aa99, 0xffaa4499,
};

// As the fonts and the palette, one for all windows: a replica has one colour wherever it is seen.
std::vector<std::size_t>& chosenPlaces()
{
    static std::vector<std::size_t> all;
    return all;
}

constexpr const char* scaleKey = "fontScale";
constexpr const char* weightKey = "fontWeight";

double luminance(const QColor& colour)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

} // namespace

Theme Theme::light()
{
    return {.window = QColor(0xf5f6f8),
            .card = QColor(0xffffff),
            .border = QColor(0xd0d4da),
            .ink = QColor(0x1f2933),
            .faint = QColor(0x52606d),
            .line = QColor(0xdde1e6),
            .button = QColor(0x1f2933),
            .onButton = QColor(0xffffff),
            .focus = QColor(0x1f2933)};
}

Theme Theme::darkOne()
{
    return {.window = QColor(0x12161b),
            .card = QColor(0x1b2128),
            .border = QColor(0x38414b),
            .ink = QColor(0xe8edf2),
            .faint = QColor(0xa3afbb),
            .line = QColor(0x36404a),
            .button = QColor(0xe8edf2),
            .onButton = QColor(0x12161b),
            .focus = QColor(0xe8edf2),
            .dark = true};
}

QColor replicaColour(std::size_t index)
{
    const std::size_t place = index < chosenPlaces().size() ? chosenPlaces()[index] : index;
    return QColor::fromRgb(replicaColours.at(place % replicaColours.size()));
}

void setReplicaColours(std::vector<std::size_t> places)
{
    chosenPlaces() = std::move(places);
}

double contrast(const QColor& one, const QColor& other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor inkOn(const QColor& background)
{
    const QColor dark(0x11, 0x18, 0x20);
    return contrast(background, Qt::white) >= 4.5 ? QColor(Qt::white) : dark;
}

QFont scaledFont(double scale, QFont::Weight weight)
{
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setWeight(weight);
    return font;
}

void scaleFont(QWidget* widget, double scale, QFont::Weight weight)
{
    widget->setProperty(scaleKey, scale);
    widget->setProperty(weightKey, static_cast<int>(weight));
    widget->setFont(scaledFont(scale, weight));
}

void scaleFontsAnew()
{
    for (QWidget* widget : QApplication::allWidgets()) {
        const QVariant scale = widget->property(scaleKey);
        if (scale.isValid())
            widget->setFont(scaledFont(
                scale.toDouble(), static_cast<QFont::Weight>(widget->property(weightKey).toInt())));
    }
}

void applyTheme(QApplication& application, const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.ink);
    palette.setColor(QPalette::Base, theme.card);
    palette.setColor(QPalette::AlternateBase, theme.window);
    palette.setColor(QPalette::Text, theme.ink);
    palette.setColor(QPalette::Button, theme.card);
    palette.setColor(QPalette::ButtonText, theme.ink);
    palette.setColor(QPalette::BrightText, theme.ink);
    palette.setColor(QPalette::ToolTipBase, theme.card);
    palette.setColor(QPalette::ToolTipText, theme.ink);
    palette.setColor(QPalette::PlaceholderText, theme.faint);
    palette.setColor(QPalette::Highlight, theme.button);
    palette.setColor(QPalette::HighlightedText, theme.onButton);
    palette.setColor(QPalette::Mid, theme.border);
    palette.setColor(QPalette::Light, theme.card);
    palette.setColor(QPalette::Dark, theme.border);
    palette.setColor(QPalette::Link, theme.ink);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, theme.faint);
    QApplication::setPalette(palette);
    const QString border = theme.border.name();
    const QString ink = theme.ink.name();
    initialiseIcons();
    const auto icon = [&theme](const char* name) {
        return QStringLiteral(":/icons/%1-%2.svg")
            .arg(QLatin1String(name), QLatin1String(theme.dark ? "paper" : "ink"));
    };
    application.setStyleSheet(
        QStringLiteral(
            "QPushButton, QToolButton, QComboBox { background: %1; color: %2; border: 1px solid %3;"
            " border-radius: 6px; padding: 5px 12px; }"
            "QPushButton:hover, QToolButton:hover, QComboBox:hover { border-color: %2; }"
            "QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, "
            "QPlainTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid %2; "
            "padding: 4px 11px; }"
            "QPushButton:checked, QToolButton:checked, QPushButton[primary=\"true\"] { background: "
            "%2; color: %4; }"
            "QPushButton:disabled, QToolButton:disabled { color: %5; }"
            // A mark in the text, that can be pressed.
            "QPushButton[quiet=\"true\"] { background: transparent; color: %5; border-color: "
            "transparent; padding: 5px 6px; text-decoration: underline; }"
            "QPushButton[quiet=\"true\"]:hover { color: %2; }"
            "QPushButton[quiet=\"true\"]:focus { border-color: %2; padding: 4px 5px; }"
            "QToolButton::menu-indicator { image: none; }"
            "QToolButton[quiet=\"true\"] { background: transparent; border-color: transparent; "
            "padding: 2px 4px; }"
            "QToolButton[quiet=\"true\"]:hover { border-color: %3; }"
            "QToolButton[quiet=\"true\"]:focus { border: 2px solid %2; padding: 1px 3px; }"
            // As a list below the box: as a menu over it, it is too low for its rows by what the
            // box has as padding.
            "QComboBox { padding-right: 26px; combobox-popup: 0; }"
            "QComboBox QAbstractItemView { background: %1; color: %2; border: 1px solid %3; }"
            // With a ground of its own, a row has its padding also where it is not chosen.
            "QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 10px; "
            "background: %1; }"
            "QComboBox QAbstractItemView::item:selected { background: %2; color: %4; }"
            "QComboBox QAbstractItemView::item:disabled { color: %5; }"
            "QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }"
            // The border says it.
            "QPushButton { outline: none; }"
            "QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid %5; "
            "border-radius: 3px; background: %1; }"
            "QCheckBox::indicator:checked { image: url(%7); }"
            "QComboBox:focus { padding-right: 25px; }"
            "QComboBox::drop-down { border: none; width: 26px; }"
            "QComboBox::down-arrow { image: url(%6); width: 10px; height: 10px; }"
            // Their ink is the palette's: with a colour of their own here, what stands in an empty
            // one would be half of it, and too faint.
            "QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox { background: %1; "
            "border: 1px solid %3; "
            "border-radius: 6px; padding: 5px 8px; }"
            "QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, "
            "QDoubleSpinBox::down-button { width: 0; border: none; }"
            "QTabWidget::pane { background: %1; border: 1px solid %3; border-radius: 8px; top: "
            "-1px; "
            "} QTabBar::tab { background: transparent; color: %5; border: 1px solid transparent; "
            "border-radius: 6px; padding: 5px 14px; margin-right: 2px; margin-bottom: 4px; }"
            "QTabBar::tab:selected { background: %1; color: %2; border-color: %3; font-weight: "
            "600; }"
            "QTabBar::tab:focus { border-color: %2; }"
            "QFrame[card=\"true\"] { background: %1; border: 1px solid %3; border-radius: 8px; }"
            "QLabel[faint=\"true\"], QComboBox[faint=\"true\"] { color: %5; }"
            "QScrollBar { background: transparent; width: 10px; height: 10px; margin: 0; }"
            "QScrollBar::handle { background: %5; border-radius: 3px; margin: 2px; min-height: "
            "32px; min-width: 32px; }"
            "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
            "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
            "QMenu { background: %1; color: %2; border: 1px solid %5; padding: 4px 0; }"
            "QMenu::item { padding: 4px 28px 4px 28px; }"
            "QMenu::item:selected { background: %2; color: %4; }"
            "QMenu::item:disabled { color: %5; }"
            "QMenu::separator { height: 1px; background: %3; margin: 4px 0; }"
            "QMenu::indicator { width: 12px; height: 12px; margin-left: 8px; border: 1px solid %5; "
            "border-radius: 3px; background: %1; }"
            "QMenu::indicator:checked { image: url(%7); }"
            "QToolTip { background: %1; color: %2; border: 1px solid %3; padding: 4px; }")
            .arg(theme.card.name(), ink, border, theme.onButton.name(), theme.faint.name(),
                 icon("down"), icon("check")));
}

} // namespace stickyscope
