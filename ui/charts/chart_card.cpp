// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_card.h"

#include "ui/format.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>
#include <qcustomplot.h>

namespace stickyscope {

ChartCard::ChartCard(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(title, this))
    , m_plot(new QCustomPlot(this))
{
    m_title->setTextFormat(Qt::PlainText);
    m_title->setFont(scaledFont(1, QFont::DemiBold));
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

void ChartCard::showMarks(const std::vector<Mark>& marks)
{
    // Marks are only ever added within a run; a smaller number means a new one.
    if (marks.size() == m_marksShown)
        return;
    for (int index = m_plot->itemCount() - 1; index >= 0; --index) {
        if (m_plot->item(index)->property("mark").toBool())
            m_plot->removeItem(index);
    }
    for (const Mark& mark : marks) {
        auto* line = new QCPItemStraightLine(m_plot);
        line->setProperty("mark", true);
        line->setPen(QPen(m_theme.ink, 1, Qt::DashLine));
        const double at = inSeconds(mark.at.time_since_epoch());
        line->point1->setCoords(at, 0);
        line->point2->setCoords(at, 1);
        auto* text = new QCPItemText(m_plot);
        text->setProperty("mark", true);
        text->setClipToAxisRect(false);
        text->position->setTypeX(QCPItemPosition::ptPlotCoords);
        text->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        text->position->setCoords(at, 0);
        text->setPositionAlignment(Qt::AlignLeft | Qt::AlignBottom);
        text->setText(fromCore(mark.text));
        text->setFont(scaledFont(0.85, QFont::DemiBold));
        text->setColor(m_theme.ink);
    }
    m_marksShown = marks.size();
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
