// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_card.h"

class QCPPainter;

namespace stickyscope {

/// Who served whom: clients by replicas, each cell filled in the replica's colour as far as its
/// share of the client's answers goes. One filled cell a row is sticky.
class ServingChart : public ChartCard
{
    Q_OBJECT

public:
    explicit ServingChart(QWidget* parent);

    void show(std::shared_ptr<const Snapshot> latest, std::size_t lane) override;
    QString asText() const override;

protected:
    QString wordsAt(const QPointF& place) const override;

private:
    const LaneSnapshot* shown() const;
    /// Answers that `replica` gave to `client`.
    Count answers(std::size_t client, std::size_t replica) const;
    void paint(QCPPainter& painter) const;

    std::shared_ptr<const Snapshot> m_snapshot;
    std::size_t m_lane = 0;
};

} // namespace stickyscope
