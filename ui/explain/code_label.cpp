// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/code_label.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QPainter>

#include <algorithm>

namespace stickyscope {

namespace {

constexpr int wrapped = Qt::TextWrapAnywhere | Qt::AlignLeft | Qt::AlignTop;
constexpr int leastLetters = 16;

} // namespace

CodeLabel::CodeLabel(const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_text(text)
{
    takeFont();
    setAccessibleName(text);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void CodeLabel::takeFont()
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(QApplication::font().pointSizeF() * 0.95);
    setFont(fixed);
}

bool CodeLabel::event(QEvent* event)
{
    if (event->type() == QEvent::ApplicationFontChange)
        takeFont();
    return QWidget::event(event);
}

QSize CodeLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 1, fontMetrics().height()};
}

QSize CodeLabel::minimumSizeHint() const
{
    const int least = fontMetrics().averageCharWidth() * leastLetters;
    return {std::min(sizeHint().width(), least), fontMetrics().height()};
}

int CodeLabel::heightForWidth(int width) const
{
    constexpr int unbounded = 1 << 20;
    return fontMetrics().boundingRect(QRect(0, 0, width, unbounded), wrapped, m_text).height();
}

void CodeLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(rect(), wrapped, m_text);
}

} // namespace stickyscope
