// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_card.h"

#include "ui/format.h"
#include "ui/panels/elided_label.h"
#include "ui/save_files.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace stickyscope {

ChartCard::ChartCard(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_menu(new QToolButton(this))
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
    m_menu->setObjectName(QStringLiteral("chart-menu"));
    m_menu->setProperty("quiet", true);
    m_menu->setArrowType(Qt::DownArrow);
    m_menu->setToolTip(tr("Another chart, or a copy of this one"));
    m_menu->setAccessibleName(tr("Menu of the chart %1").arg(title));
    connect(m_menu, &QToolButton::clicked, this,
            [this] { emit menuAsked(m_menu->mapToGlobal(m_menu->rect().bottomLeft())); });
    auto* headline = new QHBoxLayout;
    headline->setSpacing(2);
    headline->addWidget(m_title, 1);
    headline->addWidget(m_menu);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 8, 8, 6);
    layout->setSpacing(0);
    layout->addLayout(headline);
    layout->addWidget(m_plot, 1);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMinimumHeight(110);
}

void ChartCard::setTitle(const QString& what, const QString& lane)
{
    m_title->setText(tr("%1 · %2").arg(what, lane));
    m_title->setShorter(what);
}

QString ChartCard::shownTitle() const
{
    return m_title->shown();
}

// In a second line where one is too short.
void ChartCard::setTimeLegend(const QStringList& marks)
{
    const QString between = QStringLiteral(" · ");
    QString label = (QStringList {tr("time, s")} + marks).join(between);
    const QFontMetricsF metrics(m_plot->xAxis->labelFont());
    if (metrics.horizontalAdvance(label) > m_plot->axisRect()->width() && !marks.isEmpty())
        label = tr("time, s") + QLatin1Char('\n') + marks.join(between);
    m_plot->xAxis->setLabel(label);
}

QString ChartCard::title() const
{
    return m_title->text();
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

QStringList ChartCard::marksAt(double x) const
{
    constexpr double reach = 4;
    QStringList words;
    for (const auto& [line, text] : m_marks) {
        if (std::abs(m_plot->xAxis->coordToPixel(line->point1->key()) - x) <= reach)
            words << text->text();
    }
    return words;
}

void ChartCard::showNames(QCPAxis& axis, const std::vector<ReplicaResult>& replicas) const
{
    QStringList names;
    for (const ReplicaResult& replica : replicas)
        names << fromCore(replica.name);
    showNames(axis, names);
}

void ChartCard::showNames(QCPAxis& axis, const QStringList& names) const
{
    const QFontMetricsF metrics(axis.tickLabelFont());
    double needed = metrics.height();
    if (axis.orientation() == Qt::Horizontal) {
        for (const QString& name : names)
            needed = std::max(needed, metrics.horizontalAdvance(name) + metrics.averageCharWidth());
    }
    const QRect inside = m_plot->axisRect()->rect();
    const int length = axis.orientation() == Qt::Horizontal ? inside.width() : inside.height();
    const double each = length / std::max<double>(static_cast<double>(names.size()), 1);
    const auto step =
        each >= needed ? 1 : static_cast<qsizetype>(std::ceil(needed / std::max(each, 0.01)));
    auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (qsizetype at = 0; at < names.size(); at += step)
        ticker->addTick(static_cast<double>(at) + 0.5, names[at]);
    axis.setTicker(ticker);
}

void ChartCard::makeRoomAbove(double lines)
{
    QMargins margins = m_plot->axisRect()->margins();
    margins.setTop(static_cast<int>(std::ceil(lines * QFontMetricsF(scaledFont(0.85)).height())));
    m_plot->axisRect()->setMargins(margins);
    QMargins least = m_plot->axisRect()->minimumMargins();
    least.setTop(margins.top());
    m_plot->axisRect()->setMinimumMargins(least);
}

void ChartCard::copyPicture() const
{
    QApplication::clipboard()->setPixmap(m_plot->toPixmap(m_plot->width(), m_plot->height(), 2));
}

void ChartCard::copyValues() const
{
    QApplication::clipboard()->setText(asText());
}

// The title belongs to it: a picture in a report has no card around it.
void ChartCard::savePicture()
{
    const QFont font = scaledFont(1, QFont::DemiBold);
    const int above = static_cast<int>(QFontMetricsF(font).height() * 1.5);
    const QSize size(m_plot->width(), m_plot->height() + above);
    stickyscope::savePicture(this, title(), size, [&](QPainter& painter) {
        painter.fillRect(QRect(QPoint(), size), m_theme.card);
        painter.setFont(font);
        painter.setPen(m_theme.ink);
        painter.drawText(QRect(8, 0, size.width() - 8, above), Qt::AlignLeft | Qt::AlignVCenter,
                         title());
        painter.translate(0, above);
        paintPlot(painter);
    });
}

// QCustomPlot draws with painters of its own alone.
void ChartCard::paintPlot(QPainter& painter)
{
    QPicture plot;
    QCPPainter recorder(&plot);
    recorder.setMode(QCPPainter::pmVectorized);
    m_plot->toPainter(&recorder, m_plot->width(), m_plot->height());
    recorder.end();
    painter.drawPicture(0, 0, plot);
}

QPoint ChartCard::plotCorner(const QWidget* within) const
{
    return m_plot->mapTo(within, QPoint());
}

void ChartCard::saveValues()
{
    stickyscope::saveValues(this, title(), asText());
}

bool ChartCard::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const QPoint place = m_plot->mapFrom(this, help->pos());
    QStringList lines = marksAt(place.x());
    if (const QString under = wordsAt(place); !under.isEmpty())
        lines << under;
    const QString words = lines.join(QLatin1Char('\n'));
    // Names may come from outside: shown as they are, never as markup.
    QToolTip::showText(help->globalPos(),
                       words.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")),
                       this);
    return true;
}

void ChartCard::contextMenuEvent(QContextMenuEvent* event)
{
    emit menuAsked(event->globalPos());
}

void ChartCard::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copyValues();
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
