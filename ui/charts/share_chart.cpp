// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/share_chart.h"

#include "ui/format.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace stickyscope {

namespace {

constexpr std::size_t mostPlaces = 30;

// Cells are put together until no more than `mostPlaces` remain for all of the run.
std::size_t cellsAPlace(Duration cell, Duration whole)
{
    const auto cells = static_cast<std::size_t>(std::max<Duration::rep>(whole / cell, 1));
    return std::max<std::size_t>(1, (cells + mostPlaces - 1) / mostPlaces);
}

} // namespace

ShareChart::ShareChart(QWidget* parent)
    : ChartCard(tr("Requests per server"), parent)
    , m_failures(plot()->addGraph())
{
    plot()->xAxis->setLabel(tr("time, s"));
    plot()->yAxis->setLabel(tr("answered, 1/s"));
    plot()->setNotAntialiasedElements(QCP::aeAll);
    m_failures->setLineStyle(QCPGraph::lsStepLeft);
}

void ShareChart::growGraphs(std::size_t replicas)
{
    while (m_graphs.size() < replicas) {
        QCPGraph* graph = plot()->addGraph();
        graph->setLineStyle(QCPGraph::lsStepLeft);
        if (!m_graphs.empty())
            graph->setChannelFillGraph(m_graphs.back());
        m_graphs.push_back(graph);
    }
}

void ShareChart::gatherFailures(const ShareCell& cell, std::size_t place, double seconds)
{
    std::uint32_t known = 0;
    for (std::size_t replica = 0; replica < cell.errors.size(); ++replica)
        m_errors[replica][place] += cell.errors[replica] / seconds;
    for (const auto* counts : {&cell.failedAt, &cell.errors}) {
        for (std::size_t replica = 0; replica < counts->size(); ++replica) {
            m_failed[replica][place] += (*counts)[replica] / seconds;
            known += (*counts)[replica];
        }
    }
    const std::uint32_t all =
        std::accumulate(cell.errors.begin(), cell.errors.end(), cell.failed + cell.strayErrors);
    m_failed.back()[place] += (all - known) / seconds;
    m_failing[place] += all / seconds;
}

void ShareChart::gather(const LaneSnapshot& lane, Duration width)
{
    const std::size_t replicas = lane.cast->replicas.size();
    const std::size_t together = cellsAPlace(lane.shareWidth, width);
    const double seconds = inSeconds(lane.shareWidth) * static_cast<double>(together);
    // The last place is left out while it is still being filled.
    const auto places = static_cast<std::size_t>(lane.result.duration
                                                 / (lane.shareWidth * static_cast<int>(together)));
    m_step = seconds;
    m_names.clear();
    for (const std::string& name : lane.cast->replicas)
        m_names.push_back(fromCore(name));
    m_times.assign(places, 0);
    m_rates.assign(replicas, std::vector<double>(places, 0));
    m_errors.assign(replicas, std::vector<double>(places, 0));
    m_failed.assign(replicas + 1, std::vector<double>(places, 0));
    m_failing.assign(places, 0);
    m_highest = 0;
    for (std::size_t place = 0; place < places; ++place) {
        m_times[place] = seconds * static_cast<double>(place);
        double sum = 0;
        const std::size_t end = std::min((place + 1) * together, lane.share.size());
        for (std::size_t cell = place * together; cell < end; ++cell) {
            const auto& answered = lane.share[cell].answered;
            for (std::size_t replica = 0; replica < answered.size(); ++replica) {
                m_rates[replica][place] += answered[replica] / seconds;
                sum += answered[replica] / seconds;
            }
            gatherFailures(lane.share[cell], place, seconds);
            sum += (lane.share[cell].failed + lane.share[cell].strayErrors) / seconds;
        }
        m_highest = std::max(m_highest, sum);
    }
}

void ShareChart::show(std::shared_ptr<const Snapshot> shown, std::size_t lane)
{
    const Snapshot& snapshot = *shown;
    if (lane >= snapshot.lanes.size() || snapshot.lanes[lane].shareWidth == Duration::zero())
        return;
    const Duration whole = std::max(snapshot.lanes[lane].result.duration, Duration {1});
    // Every lane on one scale, or the eye compares what is not alike.
    double highest = 1;
    for (const LaneSnapshot& other : snapshot.lanes) {
        gather(other, std::max<Duration>(whole, std::chrono::seconds(60)));
        highest = std::max(highest, m_highest);
    }
    gather(snapshot.lanes[lane], std::max<Duration>(whole, std::chrono::seconds(60)));
    setTitle(tr("Requests per server"), fromCore(snapshot.lanes[lane].result.name));
    growGraphs(m_rates.size());
    std::vector<double> below(m_times.size(), 0);
    const auto stack = [&](QCPGraph& graph, const auto& rateAt) {
        QVector<QCPGraphData> points;
        points.reserve(static_cast<qsizetype>(m_times.size()) + 1);
        for (std::size_t place = 0; place < m_times.size(); ++place) {
            below[place] += rateAt(place);
            points.push_back({m_times[place], below[place]});
        }
        if (!m_times.empty())
            points.push_back({m_times.back() + m_step, below.back()});
        graph.data()->set(points, true);
    };
    for (std::size_t replica = 0; replica < m_rates.size(); ++replica) {
        stack(*m_graphs[replica], [&](std::size_t place) {
            return m_rates[replica][place] - m_errors[replica][place];
        });
        m_graphs[replica]->setBrush(replicaColour(replica));
        m_graphs[replica]->setPen(theme().outlined ? QPen(theme().ink, 1) : QPen(Qt::NoPen));
    }
    // Of a run before this one, with more replicas.
    for (std::size_t replica = m_rates.size(); replica < m_graphs.size(); ++replica)
        m_graphs[replica]->data()->clear();
    // On top of all that was of use, in no replica's colour.
    const bool failing =
        std::any_of(m_failing.begin(), m_failing.end(), [](double rate) { return rate > 0; });
    m_failures->setVisible(failing);
    if (!m_rates.empty())
        m_failures->setChannelFillGraph(m_graphs[m_rates.size() - 1]);
    stack(*m_failures, [&](std::size_t place) { return m_failing[place]; });
    m_failures->setBrush(QBrush(theme().ink, Qt::BDiagPattern));
    m_failures->setPen(QPen(Qt::NoPen)); // it would run along where nothing fails
    setTimeLegend(failing ? QStringList {tr("hatched: failed")} : QStringList());
    plot()->xAxis->setRange(0, std::max(inSeconds(whole), 10.0));
    plot()->yAxis->setRange(0, highest * 1.12);
    showMarks(snapshot.lanes[lane].marks);
    plot()->replot(QCustomPlot::rpQueuedReplot);
}

QString ShareChart::wordsAt(const QPointF& place) const
{
    const double time = plot()->xAxis->pixelToCoord(place.x());
    const double at = time / m_step;
    if (time < 0 || at >= static_cast<double>(m_times.size()))
        return {};
    const auto index = static_cast<std::size_t>(at);
    QString words = tr("From %1 s to %2 s, answered a second:")
                        .arg(m_times[index])
                        .arg(m_times[index] + m_step);
    for (std::size_t replica = 0; replica < m_rates.size(); ++replica)
        words += tr("\n%1: %2").arg(m_names[replica]).arg(m_rates[replica][index], 0, 'g', 3);
    const QStringList failures = failuresAt(index);
    if (!failures.isEmpty())
        words += tr("\nFailed a second, or answered with an error: %1")
                     .arg(failures.join(QStringLiteral(", ")));
    return words;
}

QStringList ShareChart::failuresAt(std::size_t place) const
{
    QStringList parts;
    for (std::size_t row = 0; row < m_failed.size(); ++row) {
        const QString name = row < m_rates.size() ? m_names[row] : tr("no server known");
        if (const double rate = m_failed[row][place]; rate > 0)
            parts << tr("%1 (%2)").arg(rate, 0, 'g', 3).arg(name);
    }
    return parts;
}

QString ShareChart::asText() const
{
    QString text = tr("time, s");
    for (const QString& name : m_names)
        text += QLatin1Char('\t') + name;
    for (const QString& name : m_names)
        text += QLatin1Char('\t') + tr("failed at %1").arg(name);
    text += QLatin1Char('\t') + tr("failed, no server known") + QLatin1Char('\n');
    for (std::size_t place = 0; place < m_times.size(); ++place) {
        text += QString::number(m_times[place]);
        for (const auto* rows : {&m_rates, &m_failed}) {
            for (const auto& rates : *rows)
                text += QLatin1Char('\t') + QString::number(rates[place]);
        }
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace stickyscope
