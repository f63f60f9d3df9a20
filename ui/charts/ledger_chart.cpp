// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ledger_chart.h"

#include "ui/charts/ledger_words.h"
#include "ui/charts/painted_item.h"
#include "ui/format.h"

#include <algorithm>

namespace stickyscope {

namespace {

constexpr double barOfRow = 0.62; ///< how much of a replica's row its bar takes
constexpr double legendEms = 1.5;

double widthOf(const QString& text, const QFont& font)
{
    return QFontMetricsF(font).horizontalAdvance(text);
}

} // namespace

LedgerChart::LedgerChart(QWidget* parent)
    : ChartCard(tr("Why requests went there"), parent)
{
    plot()->xAxis->setLabel(tr("answered requests"));
    // No half requests.
    auto wholes = QSharedPointer<QCPAxisTickerFixed>::create();
    wholes->setTickStep(1);
    wholes->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    plot()->xAxis->setTicker(wholes);
    plot()->yAxis->setRangeReversed(true);
    plot()->yAxis->grid()->setVisible(false);
    new PaintedItem(plot(), [this](QCPPainter& painter) { paint(painter); });
}

const LaneResult* LedgerChart::shown() const
{
    return m_snapshot && m_lane < m_snapshot->lanes.size() ? &m_snapshot->lanes[m_lane].result
                                                           : nullptr;
}

void LedgerChart::show(std::shared_ptr<const Snapshot> latest, std::size_t lane)
{
    m_snapshot = std::move(latest);
    m_lane = lane;
    const LaneResult* result = shown();
    if (!result)
        return;
    setTitle(tr("Why requests went there"), fromCore(result->name));
    // Every lane on one scale.
    Count most = 10;
    for (const LaneSnapshot& other : m_snapshot->lanes) {
        for (const ReplicaResult& replica : other.result.replicas)
            most = std::max(most, replica.requests);
    }
    showNames(*plot()->yAxis, result->replicas);
    plot()->xAxis->setRange(0, static_cast<double>(most) * 1.04);
    plot()->yAxis->setRange(0,
                            static_cast<double>(std::max<std::size_t>(result->replicas.size(), 1)));
    makeRoomAbove(legendEms);
    plot()->replot(QCustomPlot::rpQueuedReplot);
}

std::vector<Ledger> LedgerChart::reasons() const
{
    std::vector<Ledger> found;
    const LaneResult* result = shown();
    for (std::size_t key = 0; result && key < ledgerKeys; ++key) {
        if (std::any_of(result->replicas.begin(), result->replicas.end(),
                        [&](const ReplicaResult& replica) { return replica.ledger.at(key) > 0; }))
            found.push_back(static_cast<Ledger>(key));
    }
    return found;
}

void LedgerChart::paint(QCPPainter& painter) const
{
    const LaneResult* result = shown();
    if (!result)
        return;
    painter.setAntialiasing(false);
    for (std::size_t replica = 0; replica < result->replicas.size(); ++replica)
        paintBar(painter, replica);
    paintLegend(painter);
}

void LedgerChart::paintBar(QCPPainter& painter, std::size_t replica) const
{
    const ReplicaResult& counted = shown()->replicas[replica];
    const QColor colour = replicaColour(replica);
    const double middle = plot()->yAxis->coordToPixel(static_cast<double>(replica) + 0.5);
    const double height =
        barOfRow * std::abs(plot()->yAxis->coordToPixel(1) - plot()->yAxis->coordToPixel(0));
    const QFont font = scaledFont(0.85, QFont::DemiBold);
    painter.setFont(font);
    Count before = 0;
    for (std::size_t key = 0; key < ledgerKeys; ++key) {
        const Count part = counted.ledger.at(key);
        if (part == 0)
            continue;
        const double left = plot()->xAxis->coordToPixel(static_cast<double>(before));
        before += part;
        const double right = plot()->xAxis->coordToPixel(static_cast<double>(before));
        const QRectF box(left, middle - height / 2, std::max(right - left, 1.0), height);
        const Qt::BrushStyle pattern = wordsOf(static_cast<Ledger>(key)).pattern;
        painter.setPen(QPen(theme().outlined ? theme().ink : colour, 1));
        painter.setBrush(pattern == Qt::NoBrush ? QBrush(theme().card) : QBrush(colour, pattern));
        painter.drawRect(box);
        const QString share =
            asPercent(static_cast<double>(part) / static_cast<double>(counted.requests));
        const bool readable = pattern == Qt::SolidPattern || pattern == Qt::NoBrush;
        if (!readable || widthOf(share, font) + 8 > box.width()
            || QFontMetricsF(font).height() > box.height())
            continue;
        painter.setPen(pattern == Qt::SolidPattern ? inkOn(colour) : theme().ink);
        painter.drawText(box, Qt::AlignCenter, share);
    }
}

// In ink: a pattern means the same in every replica's colour.
void LedgerChart::paintLegend(QCPPainter& painter) const
{
    const QFont font = scaledFont(0.85);
    const double em = QFontMetricsF(font).height();
    const double side = em * 0.7;
    const double middle = plot()->axisRect()->top() - em * legendEms / 2;
    double left = 2;
    painter.setFont(font);
    for (const Ledger key : reasons()) {
        const QString name = nameInWords(key);
        const double wide = side + 4 + widthOf(name, font);
        if (left + wide > plot()->width())
            break;
        painter.setPen(QPen(theme().ink, 1));
        painter.setBrush(QBrush(theme().ink, wordsOf(key).pattern));
        painter.drawRect(QRectF(left, middle - side / 2, side, side));
        painter.setPen(theme().faint);
        painter.drawText(QRectF(left + side + 4, middle - em / 2, wide, em),
                         Qt::AlignLeft | Qt::AlignVCenter, name);
        left += wide + em * 0.8;
    }
}

QString LedgerChart::wordsAt(const QPointF& place) const
{
    const LaneResult* result = shown();
    const double row = plot()->yAxis->pixelToCoord(place.y());
    if (!result || row < 0 || row >= static_cast<double>(result->replicas.size()))
        return {};
    const ReplicaResult& replica = result->replicas[static_cast<std::size_t>(row)];
    QString words = tr("%1 answered %2").arg(fromCore(replica.name), asCount(replica.requests));
    for (std::size_t key = 0; key < ledgerKeys; ++key) {
        if (replica.ledger.at(key) > 0)
            words +=
                tr("\n%1: %2")
                    .arg(asCount(replica.ledger.at(key)), sentenceOf(static_cast<Ledger>(key)));
    }
    return words;
}

QString LedgerChart::asText() const
{
    QString text = tr("server\tanswered");
    const std::vector<Ledger> keys = reasons();
    for (const Ledger key : keys)
        text += QLatin1Char('\t') + nameInWords(key);
    text += QLatin1Char('\n');
    const LaneResult* result = shown();
    for (std::size_t replica = 0; result && replica < result->replicas.size(); ++replica) {
        const ReplicaResult& counted = result->replicas[replica];
        text += fromCore(counted.name) + QLatin1Char('\t') + QString::number(counted.requests);
        for (const Ledger key : keys)
            text += QLatin1Char('\t')
                + QString::number(counted.ledger.at(static_cast<std::size_t>(key)));
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace stickyscope
