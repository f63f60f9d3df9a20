// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/door.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTextOption>

namespace stickyscope {

namespace {

constexpr double titleScale = 1.12;

} // namespace

Door::Door(const QString& title, const QString& behind, QWidget* parent)
    : QAbstractButton(parent)
    , m_behind(behind)
{
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(behind);
    setToolTip(behind);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Door::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

void Door::setRoom(Room room)
{
    if (m_room == room)
        return;
    m_room = room;
    updateGeometry();
    update();
}

QFont Door::titleFont() const
{
    return scaledFont(titleScale, QFont::Bold);
}

int Door::inset() const
{
    return m_room == Room::plenty ? 20 : 14;
}

std::optional<QFont> Door::behindFont() const
{
    double room = width() - 2 * inset();
    if (m_room == Room::little)
        room -=
            QFontMetricsF(titleFont()).horizontalAdvance(text()) + QFontMetricsF(font()).height();
    for (const double scale : {0.95, 0.88}) {
        const QFont font = scaledFont(scale);
        if (QFontMetricsF(font).horizontalAdvance(m_behind) <= room)
            return font;
    }
    return std::nullopt;
}

QSize Door::sizeHint() const
{
    const double ems = m_room == Room::plenty ? 3.9 : m_room == Room::some ? 3 : 2.3;
    return {200, static_cast<int>(QFontMetricsF(font()).height() * ems)};
}

QSize Door::minimumSizeHint() const
{
    const QFontMetricsF metrics(titleFont());
    return {static_cast<int>(metrics.horizontalAdvance(text())) + 2 * inset(), sizeHint().height()};
}

void Door::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool strong = hasFocus() || underMouse();
    painter.setPen(QPen(strong ? m_theme.focus : m_theme.border, strong ? 2 : 1));
    painter.setBrush(m_theme.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    const double em = QFontMetricsF(font()).height();
    const std::optional<QFont> behind = behindFont();
    const bool oneLine = m_room == Room::little || !behind;
    const double above = oneLine ? 0 : em * (m_room == Room::plenty ? 0.65 : 0.35);
    QRectF inner = QRectF(rect()).adjusted(inset(), above, -inset(), -above);
    painter.setPen(m_theme.ink);
    painter.setFont(titleFont());
    QTextOption upper(Qt::AlignLeft | (oneLine ? Qt::AlignVCenter : Qt::AlignTop));
    upper.setWrapMode(QTextOption::NoWrap);
    painter.drawText(inner, text(), upper);
    if (!behind)
        return;
    if (oneLine)
        inner.setLeft(inner.left() + QFontMetricsF(titleFont()).horizontalAdvance(text()) + em);
    painter.setPen(m_theme.faint);
    painter.setFont(*behind);
    QTextOption lower(Qt::AlignLeft | (oneLine ? Qt::AlignVCenter : Qt::AlignBottom));
    lower.setWrapMode(QTextOption::NoWrap);
    painter.drawText(inner, m_behind, lower);
}

void Door::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace stickyscope
