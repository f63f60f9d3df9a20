// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/door.h"

#include <QKeyEvent>
#include <QPainter>

namespace stickyscope {

Door::Door(const QString& title, const QString& behind, QWidget* parent)
    : QAbstractButton(parent)
    , m_behind(behind)
{
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(behind);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Door::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

QSize Door::sizeHint() const
{
    return {200, static_cast<int>(QFontMetricsF(font()).height() * 3.9)};
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
    const QRectF inner = QRectF(rect()).adjusted(20, em * 0.65, -20, -em * 0.6);
    painter.setPen(m_theme.ink);
    painter.setFont(scaledFont(1.12, QFont::Bold));
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, text());
    painter.setPen(m_theme.faint);
    painter.setFont(scaledFont(0.95));
    painter.drawText(
        inner, Qt::AlignLeft | Qt::AlignBottom,
        QFontMetricsF(painter.font()).elidedText(m_behind, Qt::ElideRight, inner.width()));
}

void Door::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace stickyscope
