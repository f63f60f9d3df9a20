// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/door.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTextOption>

namespace stickyscope {

namespace {

constexpr int inset = 20;
constexpr double titleScale = 1.12;

} // namespace

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

void Door::setCompact(bool compact)
{
    if (m_compact == compact)
        return;
    m_compact = compact;
    setToolTip(compact ? m_behind : QString());
    updateGeometry();
    update();
}

QSize Door::sizeHint() const
{
    const double ems = m_compact ? 2.3 : 3.9;
    return {200, static_cast<int>(QFontMetricsF(font()).height() * ems)};
}

QSize Door::minimumSizeHint() const
{
    const QFontMetricsF metrics(scaledFont(titleScale, QFont::Bold));
    return {static_cast<int>(metrics.horizontalAdvance(text())) + 2 * inset, sizeHint().height()};
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
    const double above = m_compact ? 0 : em * 0.65;
    QRectF inner = QRectF(rect()).adjusted(inset, above, -inset, -above);
    painter.setPen(m_theme.ink);
    painter.setFont(scaledFont(titleScale, QFont::Bold));
    QTextOption upper(Qt::AlignLeft | (m_compact ? Qt::AlignVCenter : Qt::AlignTop));
    upper.setWrapMode(QTextOption::NoWrap);
    painter.drawText(inner, text(), upper);
    if (m_compact)
        inner.setLeft(inner.left() + QFontMetricsF(painter.font()).horizontalAdvance(text()) + em);
    painter.setPen(m_theme.faint);
    painter.setFont(scaledFont(0.95));
    QTextOption lower(Qt::AlignLeft | (m_compact ? Qt::AlignVCenter : Qt::AlignBottom));
    lower.setWrapMode(QTextOption::NoWrap);
    painter.drawText(
        inner, QFontMetricsF(painter.font()).elidedText(m_behind, Qt::ElideRight, inner.width()),
        lower);
}

void Door::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace stickyscope
