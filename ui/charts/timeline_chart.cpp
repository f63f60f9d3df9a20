// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timeline_chart.h"

#include "ui/format.h"
#include "ui/short_names.h"

#include <qcustomplot.h>

#include <algorithm>
#include <vector>

namespace stickyscope {

namespace {

// What a client's pixels at the edge of its row, beside the middle and in the middle are coloured
// in.
struct RowColours
{
    explicit RowColours(std::size_t columns)
        : plain(columns)
        , notched(columns)
        , lined(columns)
    {
    }

    void gather(const LaneSnapshot& lane, std::size_t client, const std::vector<QRgb>& colours,
                QRgb ink)
    {
        QRgb colour = 0;
        bool failing = false;
        for (std::size_t column = 0; column < lane.timeline.size(); ++column) {
            const TimelineColumn& cells = lane.timeline[column];
            const TimelineCell cell = client < cells.size() ? cells[client] : TimelineCell {};
            if (raw(cell.replica) < colours.size())
                colour = colours[raw(cell.replica)];
            if (cell.failed || cell.replica != noReplica)
                failing = cell.endsFailed;
            // One failure among answers is a gap of this stretch alone.
            const bool gap = failing || cell.failed;
            plain[column] = gap ? 0 : colour;
            notched[column] = cell.broken ? ink : plain[column];
            lined[column] = gap ? ink : notched[column];
        }
    }

    std::vector<QRgb> plain;
    std::vector<QRgb> notched;
    std::vector<QRgb> lined;
};

} // namespace

TimelineChart::TimelineChart(QWidget* parent)
    : ChartCard(tr("Clients over time"), parent)
    , m_pixmap(new QCPItemPixmap(plot()))
{
    plot()->xAxis->setLabel(tr("time, s"));
    plot()->yAxis->setLabel(tr("client"));
    plot()->yAxis->setRangeReversed(true);
    plot()->yAxis->grid()->setVisible(false);
    plot()->xAxis->grid()->setVisible(false);
    m_pixmap->setScaled(true, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    m_pixmap->topLeft->setType(QCPItemPosition::ptPlotCoords);
    m_pixmap->bottomRight->setType(QCPItemPosition::ptPlotCoords);
    m_pixmap->setLayer(QStringLiteral("background"));
}

// An answer's colour lasts until the client's next one, so that the rows read as stripes. So does
// a failure's: a thin line where the stripe would be.
void TimelineChart::fill(const LaneSnapshot& lane, std::size_t rows)
{
    const int columns = static_cast<int>(lane.timeline.size());
    // Four pixels a row, the two in the middle for a notch: a thin gap keeps neighbours apart. Rows
    // that are lower than a pixel of the screen have one for their colour and one for a notch.
    constexpr std::size_t mostApart = 200;
    const bool apart = rows <= mostApart;
    const int pixels = apart ? 5 : 2;
    const int coloured = apart ? 4 : 2;
    m_image = QImage(std::max(columns, 1), static_cast<int>(rows) * pixels,
                     QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    // By whole lines: with 1,000 clients these are millions of pixels, 30 times a second.
    const QRgb ink = theme().ink.rgba();
    std::vector<QRgb> colours;
    for (std::size_t replica = 0; replica < lane.replicas.size(); ++replica)
        colours.push_back(replicaColour(replica).rgba());
    RowColours row(lane.timeline.size());
    for (std::size_t client = 0; client < rows; ++client) {
        row.gather(lane, client, colours, ink);
        for (int pixel = 0; pixel < coloured; ++pixel) {
            const auto& line = pixel == 1 ? row.lined : pixel == 2 ? row.notched : row.plain;
            std::copy_n(line.data(), columns,
                        reinterpret_cast<QRgb*>(
                            m_image.scanLine(static_cast<int>(client) * pixels + pixel)));
        }
    }
}

void TimelineChart::show(std::shared_ptr<const Snapshot> latest, std::size_t lane)
{
    m_snapshot = std::move(latest);
    m_lane = lane;
    const Snapshot& snapshot = *m_snapshot;
    if (lane >= snapshot.lanes.size() || snapshot.lanes[lane].timelineWidth == Duration::zero())
        return;
    const LaneSnapshot& shown = snapshot.lanes[lane];
    setTitle(tr("Clients over time"), fromCore(shown.result.name));
    QStringList legend;
    if (shown.result.broken)
        legend << tr("notch: broken");
    if (shown.result.failed + shown.result.errors > 0)
        legend << tr("line: failed");
    setTimeLegend(legend);
    const std::size_t rows = std::max<std::size_t>(shown.clients.size(), 1);
    fill(shown, rows);
    m_pixmap->setPixmap(QPixmap::fromImage(m_image));
    const double end = inSeconds(shown.timelineWidth) * static_cast<double>(shown.timeline.size());
    m_pixmap->topLeft->setCoords(0, 0);
    m_pixmap->bottomRight->setCoords(end, static_cast<double>(rows));
    plot()->xAxis->setRange(0, std::max(inSeconds(shown.result.duration), 10.0));
    plot()->yAxis->setRange(0, static_cast<double>(rows));
    showNames(*plot()->yAxis, shortNames(shown.cast->clients, rows));
    showMarks(shown.marks);
    plot()->replot(QCustomPlot::rpQueuedReplot);
}

QString TimelineChart::wordsAt(const QPointF& place) const
{
    if (!m_snapshot || m_lane >= m_snapshot->lanes.size())
        return {};
    const LaneSnapshot& shown = m_snapshot->lanes[m_lane];
    const double time = plot()->xAxis->pixelToCoord(place.x());
    const double row = plot()->yAxis->pixelToCoord(place.y());
    const double width = inSeconds(shown.timelineWidth);
    if (row < 0 || time < 0 || width <= 0 || row >= static_cast<double>(shown.cast->clients.size()))
        return {};
    const auto client = static_cast<std::size_t>(row);
    const auto column = static_cast<std::size_t>(time / width);
    if (column >= shown.timeline.size())
        return {};
    const TimelineColumn& cells = shown.timeline[column];
    const TimelineCell cell = client < cells.size() ? cells[client] : TimelineCell {};
    const QString what = cell.broken ? tr("a session broken by %1")
        : cell.replica == noReplica  ? cell.failed ? tr("no answer, a failure") : tr("no answer")
         : cell.endsFailed ? tr("failed; the last answer came from %1")
        : cell.failed                ? tr("answered by %1, after a failure")
                                     : tr("answered by %1");
    const QString name =
        cell.replica == noReplica ? QString() : fromCore(shown.cast->replicas[raw(cell.replica)]);
    const QString when = tr("%1 at %2 s: ")
                             .arg(fromCore(shown.cast->clients[client]))
                             .arg(width * static_cast<double>(column), 0, 'f', 1);
    return when + (name.isEmpty() ? what : what.arg(name));
}

QString TimelineChart::asText() const
{
    QString text = tr("client\tanswered by\n");
    if (!m_snapshot || m_lane >= m_snapshot->lanes.size())
        return text;
    const LaneSnapshot& shown = m_snapshot->lanes[m_lane];
    for (const ClientResult& client : shown.result.clients) {
        text += fromCore(client.name);
        for (std::size_t index = 0; index < client.replicas.size(); ++index) {
            if (client.replicas[index] > 0)
                text += QLatin1Char('\t') + fromCore(shown.cast->replicas[index]) + QLatin1Char(' ')
                    + QString::number(client.replicas[index]);
        }
        if (const Count failed = client.failed + client.errors; failed > 0)
            text += QLatin1Char('\t') + tr("failed %1").arg(failed);
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace stickyscope
