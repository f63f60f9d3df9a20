// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_card.h"

#include "ui/format.h"
#include "ui/panels/elided_label.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <array>

namespace stickyscope {

ChartCard::ChartCard(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_title(new ElidedLabel(this))
    , m_plot(new QCustomPlot(this))
{
    m_title->setText(title);
    scaleFont(m_title, 1, QFont::DemiBold);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setPlottingHint(QCP::phFastPolylines);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 18, 12, 0));
    m_plot->axisRect()->setMinimumMargins(QMargins(46, 18, 12, 10));
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(title);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 8, 8, 6);
    layout->setSpacing(0);
    layout->addWidget(m_title);
    layout->addWidget(m_plot, 1);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMinimumHeight(110);
}

void ChartCard::setTitle(const QString& title)
{
    m_title->setText(title);
}

void ChartCard::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_plot->setBackground(theme.card);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(theme.border, 1));
        axis->setTickPen(QPen(theme.border, 1));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(theme.faint);
        axis->setLabelColor(theme.faint);
        axis->setTickLabelFont(scaledFont(0.85));
        axis->setLabelFont(scaledFont(0.85));
        axis->grid()->setPen(QPen(theme.line, 1));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    update();
}

void ChartCard::growMarks(std::size_t marks)
{
    for (; m_marks.size() > marks; m_marks.pop_back()) {
        m_plot->removeItem(m_marks.back().line);
        m_plot->removeItem(m_marks.back().text);
    }
    while (m_marks.size() < marks) {
        auto* line = new QCPItemStraightLine(m_plot);
        auto* text = new QCPItemText(m_plot);
        text->setClipToAxisRect(false);
        text->position->setTypeX(QCPItemPosition::ptAbsolute);
        text->position->setTypeY(QCPItemPosition::ptAbsolute);
        text->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
        m_marks.push_back({line, text});
    }
}

// The newest is written within the chart. An older one goes before it, or into a second line; where
// both are full its line alone stays.
void ChartCard::showMarks(const std::vector<Mark>& marks)
{
    growMarks(marks.size());
    const QFont font = scaledFont(0.85, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    std::array<double, 2> limits {};
    limits.fill(m_plot->width());
    QMargins margins = m_plot->axisRect()->margins();
    margins.setTop(static_cast<int>(metrics.height() * (marks.size() > 1 ? 2.2 : 1.2)));
    m_plot->axisRect()->setMargins(margins);
    for (std::size_t index = marks.size(); index-- > 0;) {
        const auto [line, text] = m_marks[index];
        const double at = inSeconds(marks[index].at.time_since_epoch());
        line->setPen(QPen(m_theme.ink, 1, Qt::DashLine));
        line->point1->setCoords(at, 0);
        line->point2->setCoords(at, 1);
        const QString whole = fromCore(marks[index].text);
        const bool newest = index + 1 == marks.size();
        const double mark = m_plot->xAxis->coordToPixel(at);
        const double wide = metrics.horizontalAdvance(whole) + 4;
        const double left = newest ? std::max(0.0, std::min(mark, limits[0] - wide)) : mark;
        auto* const row = std::find_if(limits.begin(), limits.end(),
                                       [&](double limit) { return left + wide <= limit; });
        const bool fits = row != limits.end() || newest;
        text->setVisible(fits);
        text->setText(whole);
        text->setFont(font);
        text->setColor(m_theme.ink);
        if (!fits)
            continue;
        double& limit = row == limits.end() ? limits[0] : *row;
        const double up = &limit == limits.data() ? 0 : metrics.height();
        text->position->setCoords(left, m_plot->axisRect()->top() - up);
        limit = left;
    }
}

void ChartCard::copyPicture() const
{
    QApplication::clipboard()->setPixmap(m_plot->toPixmap(m_plot->width(), m_plot->height(), 2));
}

void ChartCard::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy as picture"), this, &ChartCard::copyPicture);
    menu.addAction(tr("Copy values"), this,
                   [this] { QApplication::clipboard()->setText(asText()); });
    menu.exec(event->globalPos());
}

void ChartCard::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        QApplication::clipboard()->setText(asText());
    else
        QWidget::keyPressEvent(event);
}

void ChartCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? m_theme.focus : m_theme.border, hasFocus() ? 2 : 1));
    painter.setBrush(m_theme.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
}

} // namespace stickyscope
