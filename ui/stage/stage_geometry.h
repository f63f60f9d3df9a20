// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QPointF>
#include <QRectF>

#include <vector>

namespace stickyscope {

/// Where everything on one lane's stage stands. All sizes follow from the font's height, so that
/// larger text gets more room.
class StageGeometry
{
public:
    StageGeometry() = default;
    /// `area`: what lies between the headline and the sentence.
    StageGeometry(const QRectF& area, double em, std::size_t clients, std::size_t replicas);

    std::size_t shownClients() const { return m_clientCentres.size(); }
    std::size_t hiddenClients() const { return m_hiddenClients; }
    std::size_t shownReplicas() const { return m_replicas.size(); }
    double unit() const { return m_unit; }
    double clientRadius() const { return m_unit * 0.9; }
    double dotRadius() const { return m_unit * 0.4; }
    double cellSize() const { return m_unit * 0.92; }
    std::size_t trailCells() const { return m_trailCells; }

    QPointF client(std::size_t index) const { return m_clientCentres[index]; }
    QRectF cookie(std::size_t index) const;
    /// The newest answer is cell 0.
    QRectF trailCell(std::size_t client, std::size_t cell) const;
    QRectF replica(std::size_t index) const { return m_replicas[index]; }
    QRectF balancer() const { return m_balancer; }
    QPointF clientPort(std::size_t index) const;
    QPointF balancerEntry() const { return {m_balancer.left(), m_balancer.center().y()}; }
    QPointF balancerExit() const { return {m_balancer.right(), m_balancer.center().y()}; }
    QPointF replicaPort(std::size_t index) const;
    QPointF moreClients() const { return m_moreClients; }
    std::size_t hiddenReplicas() const { return m_hiddenReplicas; }
    QPointF moreReplicas() const { return m_moreReplicas; }
    /// Where a flight's dot is at `now`; nothing while it is inside its replica.
    std::optional<QPointF> dot(const Flight& flight, Instant now) const;

private:
    QRectF m_balancer;
    std::vector<QPointF> m_clientCentres;
    std::vector<QRectF> m_replicas;
    QPointF m_moreClients;
    std::size_t m_hiddenClients = 0;
    QPointF m_moreReplicas;
    std::size_t m_hiddenReplicas = 0;
    std::size_t m_trailCells = 0;
    double m_left = 0;
    double m_unit = 16;
};

} // namespace stickyscope
