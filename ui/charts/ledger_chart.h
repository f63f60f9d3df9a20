// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_card.h"

class QCPPainter;

namespace stickyscope {

/// The affinity ledger: for each replica a bar of all that it answered, divided by what brought
/// the requests there. Filled = a cookie that names it, hollow = none, hatched = a cookie that
/// could not be followed.
class LedgerChart : public ChartCard
{
    Q_OBJECT

public:
    explicit LedgerChart(QWidget* parent);

    void show(std::shared_ptr<const Snapshot> latest, std::size_t lane) override;
    QString asText() const override;

protected:
    QString wordsAt(const QPointF& place) const override;

private:
    const LaneResult* shown() const;
    /// Those that brought any request to any replica, as the ledger orders them.
    std::vector<Ledger> reasons() const;
    void paint(QCPPainter& painter) const;
    void paintBar(QCPPainter& painter, std::size_t replica) const;
    void paintLegend(QCPPainter& painter) const;

    std::shared_ptr<const Snapshot> m_snapshot;
    std::size_t m_lane = 0;
};

} // namespace stickyscope
