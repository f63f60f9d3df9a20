// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_card.h"

#include <vector>

class QCPGraph;

namespace stickyscope {

/// Requests per second that each replica answered, stacked, over time; above them those that failed
/// or were answered with an error.
class ShareChart : public ChartCard
{
    Q_OBJECT

public:
    explicit ShareChart(QWidget* parent);

    void show(std::shared_ptr<const Snapshot> shown, std::size_t lane) override;
    QString asText() const override;

    /// Seconds; and requests per second of one replica at that place, not stacked.
    double timeAt(std::size_t place) const { return m_times[place]; }
    double rateAt(std::size_t replica, std::size_t place) const { return m_rates[replica][place]; }
    double failedAt(std::size_t replica, std::size_t place) const
    {
        return m_failed[replica][place];
    }
    std::size_t places() const { return m_times.size(); }

protected:
    QString wordsAt(const QPointF& place) const override;

private:
    void gather(const LaneSnapshot& lane, Duration width);
    void gatherFailures(const ShareCell& cell, std::size_t place, double seconds);
    /// "0.5 (server-2)", of those where any failed.
    QStringList failuresAt(std::size_t place) const;
    void growGraphs(std::size_t replicas);

    std::vector<QCPGraph*> m_graphs;
    QCPGraph* m_failures = nullptr;
    std::vector<QString> m_names;
    std::vector<double> m_times;
    double m_step = 1; ///< from one to the next, s
    std::vector<std::vector<double>> m_rates; ///< by replica, errors with them
    std::vector<std::vector<double>> m_errors; ///< of these
    /// Without an answer or with an error, by replica; the last row is of those where none is
    /// known.
    std::vector<std::vector<double>> m_failed;
    std::vector<double> m_failing; ///< all of them
    double m_highest = 0;
};

} // namespace stickyscope
