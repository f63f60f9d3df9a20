// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/figures_panel.h"

#include "ui/format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <numeric>
#include <utility>

namespace stickyscope {

namespace {

constexpr double inset = 24; ///< at both ends of the panel
constexpr double besideCells = 20; ///< between a figure's last value and the next figure

// All alike; or as wide as they need, where one would be cut though there is room for all.
std::vector<double> widthsFor(std::vector<double> needed, double room)
{
    const auto count = static_cast<double>(needed.size());
    const double left = room - std::accumulate(needed.begin(), needed.end(), 0.0);
    const bool alike = left < 0 || *std::max_element(needed.begin(), needed.end()) <= room / count;
    for (double& width : needed)
        width = alike ? room / count : width + left / count;
    return needed;
}

// As wide whatever its digits are: nothing moves while they count.
QString widest(QString text)
{
    for (QChar& letter : text)
        letter = letter.isDigit() ? QLatin1Char('0') : letter;
    return text;
}

} // namespace

FiguresPanel::FiguresPanel(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
}

void FiguresPanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

void FiguresPanel::setSnapshot(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    setAccessibleName(text());
    update();
}

QSize FiguresPanel::sizeHint() const
{
    return {600, static_cast<int>(QFontMetricsF(font()).height() * (m_compact ? 3.8 : 5))};
}

void FiguresPanel::setCompact(bool compact)
{
    if (m_compact == compact)
        return;
    m_compact = compact;
    updateGeometry();
    update();
}

QSize FiguresPanel::minimumSizeHint() const
{
    return {300, sizeHint().height()};
}

// Where there is no room for four, the last one gives way: that any failed does not.
std::vector<Figure> FiguresPanel::shownFigures() const
{
    constexpr std::size_t most = 3;
    constexpr double emsOfFour = 64;
    auto all = figuresOf(*m_snapshot);
    if (all.size() > most && width() < emsOfFour * QFontMetricsF(font()).height())
        all.resize(most);
    return all;
}

QString FiguresPanel::valuesOf(const Figure& figure) const
{
    QStringList values;
    for (qsizetype lane = 0; lane < figure.values.size(); ++lane)
        values << fromCore(m_snapshot->lanes[static_cast<std::size_t>(lane)].result.name)
                + QLatin1Char(' ') + figure.values[lane];
    for (qsizetype lane = 0; lane < figure.notes.size(); ++lane)
        values[lane] += QLatin1Char(' ') + figure.notes[lane] + figure.noteEnds;
    return values.join(QStringLiteral(", "));
}

QString FiguresPanel::text() const
{
    if (!m_snapshot || m_snapshot->lanes.empty())
        return {};
    QStringList parts;
    for (const Figure& figure : figuresOf(*m_snapshot)) {
        parts << figure.title + QStringLiteral(": ") + valuesOf(figure);
    }
    return parts.join(QStringLiteral("; "));
}

QFont FiguresPanel::largeFont() const
{
    return scaledFont(m_compact ? 1.6 : 2.1, QFont::Bold);
}

QFont FiguresPanel::smallFont() const
{
    return scaledFont(m_compact ? 0.88 : 1);
}

// With the gap behind it.
double FiguresPanel::valueWidth(const QString& value) const
{
    return QFontMetricsF(largeFont()).horizontalAdvance(value)
        + QFontMetricsF(font()).height() * (m_compact ? 0.35 : 0.5);
}

// What each lane's value needs, with its words and a gap.
std::vector<double> FiguresPanel::cellsNeededBy(const Figure& figure) const
{
    const QFontMetricsF metrics(smallFont());
    std::vector<double> needed;
    for (qsizetype lane = 0; lane < figure.values.size(); ++lane) {
        const auto& result = m_snapshot->lanes[static_cast<std::size_t>(lane)].result;
        const double words = std::max(metrics.horizontalAdvance(fromCore(result.name)),
                                      metrics.horizontalAdvance(widest(figure.notes.value(lane))));
        needed.push_back(valueWidth(widest(figure.values[lane])) + words + metrics.height() / 2);
    }
    return needed;
}

std::vector<double> FiguresPanel::columnsOf(const std::vector<Figure>& figures) const
{
    std::vector<double> needed;
    for (const Figure& figure : figures) {
        const auto cells = cellsNeededBy(figure);
        needed.push_back(std::accumulate(cells.begin(), cells.end(), besideCells));
    }
    return widthsFor(std::move(needed), width() - 2 * inset);
}

void FiguresPanel::drawValue(QPainter& painter, const Figure& figure, qsizetype lane,
                             const QRectF& box) const
{
    painter.setFont(largeFont());
    painter.setPen(m_theme.ink);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, figure.values[lane]);
    const double after = valueWidth(figure.values[lane]);
    painter.setFont(smallFont());
    painter.setPen(m_theme.faint);
    const QRectF beside =
        box.adjusted(after, QFontMetricsF(font()).height() * (m_compact ? 0.35 : 0.55), -4, 0);
    const QFontMetricsF smallMetrics(painter.font());
    QStringList lines {fromCore(m_snapshot->lanes[static_cast<std::size_t>(lane)].result.name)};
    // Where the whole note has no room, its number has.
    if (const QString note = figure.notes.value(lane); !note.isEmpty()) {
        const QString whole = note + figure.noteEnds;
        lines << (smallMetrics.horizontalAdvance(whole) <= beside.width() ? whole : note);
    }
    for (QString& line : lines)
        line = smallMetrics.elidedText(line, Qt::ElideRight, beside.width());
    painter.drawText(lines.size() > 1 ? box.adjusted(after, 0, -4, 0) : beside,
                     Qt::AlignLeft | Qt::AlignVCenter, lines.join(QLatin1Char('\n')));
}

void FiguresPanel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.border, 1));
    painter.setBrush(m_theme.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    if (!m_snapshot || m_snapshot->lanes.empty())
        return;
    const auto all = shownFigures();
    const double em = QFontMetricsF(font()).height();
    const std::vector<double> columns = columnsOf(all);
    double left = inset;
    for (std::size_t place = 0; place < all.size(); ++place) {
        const Figure& figure = all[place];
        const double column = columns[place];
        painter.setFont(font());
        painter.setPen(m_theme.faint);
        painter.drawText(
            QRectF(left, em * (m_compact ? 0.3 : 0.55), column - 8, em * 1.3),
            Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(font()).elidedText(figure.title, Qt::ElideRight, column - 8));
        const auto cells = widthsFor(cellsNeededBy(figure), column - besideCells);
        double x = left;
        for (qsizetype lane = 0; lane < figure.values.size(); ++lane) {
            const double cell = cells[static_cast<std::size_t>(lane)];
            drawValue(painter, figure, lane,
                      {x, em * (m_compact ? 1.4 : 1.8), cell, em * (m_compact ? 2.2 : 2.7)});
            x += cell;
        }
        left += column;
    }
}

bool FiguresPanel::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_snapshot || m_snapshot->lanes.empty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto all = shownFigures();
    const std::vector<double> columns = columnsOf(all);
    std::size_t place = 0;
    for (double right = inset + columns[0]; place + 1 < all.size() && help->pos().x() >= right;)
        right += columns[++place];
    const Figure& figure = all[place];
    // Names may come from outside: shown as they are, never as markup.
    QToolTip::showText(help->globalPos(),
                       QStringLiteral("<b>%1</b><br>%2<br>%3")
                           .arg(figure.title, figure.explanation, valuesOf(figure).toHtmlEscaped()),
                       this);
    return true;
}

} // namespace stickyscope
