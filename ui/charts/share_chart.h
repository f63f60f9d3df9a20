// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_card.h"

#include <vector>

class QCPGraph;

namespace stickyscope {

/// Requests per second that each replica answered, stacked, over time.
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
    std::size_t places() const { return m_times.size(); }

protected:
    QString wordsAt(const QPointF& place) const override;

private:
    void gather(const LaneSnapshot& lane, Duration width);
    void growGraphs(std::size_t replicas);

    std::vector<QCPGraph*> m_graphs;
    std::vector<QString> m_names;
    std::vector<double> m_times;
    double m_step = 1; ///< from one to the next, s
    std::vector<std::vector<double>> m_rates; ///< by replica
    double m_highest = 0;
};

} // namespace stickyscope
