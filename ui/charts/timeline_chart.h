// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_card.h"

#include <QImage>

class QCPItemPixmap;

namespace stickyscope {

/// Clients by time, each answer in the colour of the replica that gave it: stripes are sticky,
/// confetti is not. A notch is a broken session, a line without colour a client whose requests
/// fail.
class TimelineChart : public ChartCard
{
    Q_OBJECT

public:
    explicit TimelineChart(QWidget* parent);

    void show(std::shared_ptr<const Snapshot> latest, std::size_t lane) override;
    QString asText() const override;
    const QImage& image() const { return m_image; }

protected:
    QString wordsAt(const QPointF& place) const override;

private:
    void fill(const LaneSnapshot& lane, std::size_t rows);

    QImage m_image; ///< one pixel a client and stretch of time
    QCPItemPixmap* m_pixmap;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::size_t m_lane = 0;
};

} // namespace stickyscope
