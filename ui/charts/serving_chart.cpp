// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/serving_chart.h"

#include "ui/charts/painted_item.h"
#include "ui/format.h"
#include "ui/short_names.h"

#include <algorithm>
#include <numeric>

namespace stickyscope {

ServingChart::ServingChart(QWidget* parent)
    : ChartCard(tr("Who served whom"), parent)
{
    plot()->yAxis->setLabel(tr("client"));
    plot()->yAxis->setRangeReversed(true);
    for (QCPAxis* axis : {plot()->xAxis, plot()->yAxis})
        axis->grid()->setVisible(false);
    new PaintedItem(plot(), [this](QCPPainter& painter) { paint(painter); });
}

const LaneSnapshot* ServingChart::shown() const
{
    return m_snapshot && m_lane < m_snapshot->lanes.size() ? &m_snapshot->lanes[m_lane] : nullptr;
}

Count ServingChart::answers(std::size_t client, std::size_t replica) const
{
    const std::vector<Count>& given = shown()->result.clients[client].replicas;
    return replica < given.size() ? given[replica] : 0;
}

void ServingChart::show(std::shared_ptr<const Snapshot> latest, std::size_t lane)
{
    m_snapshot = std::move(latest);
    m_lane = lane;
    const LaneSnapshot* now = shown();
    if (!now)
        return;
    setTitle(tr("Who served whom"), fromCore(now->result.name));
    const std::size_t rows = now->result.clients.size();
    const std::size_t columns = now->result.replicas.size();
    plot()->yAxis->setRange(0, static_cast<double>(std::max<std::size_t>(rows, 1)));
    plot()->xAxis->setRange(0, static_cast<double>(std::max<std::size_t>(columns, 1)));
    showNames(*plot()->yAxis, shortNames(now->cast->clients, rows));
    showNames(*plot()->xAxis, now->result.replicas);
    plot()->replot(QCustomPlot::rpQueuedReplot);
}

void ServingChart::paint(QCPPainter& painter) const
{
    const LaneSnapshot* lane = shown();
    if (!lane)
        return;
    painter.setAntialiasing(false);
    const QCPAxis& across = *plot()->xAxis;
    const QCPAxis& down = *plot()->yAxis;
    const double wide = across.coordToPixel(1) - across.coordToPixel(0);
    const double high = down.coordToPixel(1) - down.coordToPixel(0);
    // A gap between neighbours, as long as there is room for one.
    const double gapX = wide > 8 ? 3 : 0;
    const double gapY = high > 5 ? 1 : 0;
    for (std::size_t client = 0; client < lane->result.clients.size(); ++client) {
        const std::vector<Count>& given = lane->result.clients[client].replicas;
        const Count sum = std::accumulate(given.begin(), given.end(), Count {0});
        const double top = down.coordToPixel(static_cast<double>(client)) + gapY;
        for (std::size_t replica = 0; replica < given.size() && sum > 0; ++replica) {
            if (given[replica] == 0)
                continue;
            const double share = static_cast<double>(given[replica]) / static_cast<double>(sum);
            const QRectF cell(across.coordToPixel(static_cast<double>(replica)) + gapX, top,
                              std::max((wide - 2 * gapX) * share, 1.0),
                              std::max(high - 2 * gapY, 0.5));
            painter.fillRect(cell, replicaColour(replica));
            if (theme().outlined && high > 5) {
                painter.setPen(QPen(theme().ink, 1));
                painter.setBrush(Qt::NoBrush);
                painter.drawRect(cell);
            }
        }
    }
}

QString ServingChart::wordsAt(const QPointF& place) const
{
    const LaneSnapshot* lane = shown();
    const double row = plot()->yAxis->pixelToCoord(place.y());
    if (!lane || row < 0 || row >= static_cast<double>(lane->result.clients.size()))
        return {};
    const auto client = static_cast<std::size_t>(row);
    QStringList parts;
    for (std::size_t replica = 0; replica < lane->result.replicas.size(); ++replica) {
        if (const Count count = answers(client, replica); count > 0)
            parts << tr("%1 by %2")
                         .arg(asCount(count), fromCore(lane->result.replicas[replica].name));
    }
    const ClientResult& counted = lane->result.clients[client];
    const QString name = fromCore(counted.name);
    if (const Count failed = counted.failed + counted.errors; failed > 0 && !parts.isEmpty())
        parts.last() +=
            tr("; %1 of its %2 requests failed").arg(asCount(failed), asCount(counted.requests));
    return parts.isEmpty() ? tr("%1: nobody has answered").arg(name)
                           : tr("%1 was answered %2").arg(name, parts.join(QStringLiteral(", ")));
}

QString ServingChart::asText() const
{
    QString text = tr("client");
    const LaneSnapshot* lane = shown();
    if (!lane)
        return text + QLatin1Char('\n');
    for (const ReplicaResult& replica : lane->result.replicas)
        text += QLatin1Char('\t') + fromCore(replica.name);
    text += QLatin1Char('\n');
    for (std::size_t client = 0; client < lane->result.clients.size(); ++client) {
        text += fromCore(lane->result.clients[client].name);
        for (std::size_t replica = 0; replica < lane->result.replicas.size(); ++replica)
            text += QLatin1Char('\t') + QString::number(answers(client, replica));
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace stickyscope
