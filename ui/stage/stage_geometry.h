// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/stage/balancer_layout.h"

#include <QPointF>
#include <QRectF>

#include <utility>
#include <vector>

namespace stickyscope {

/// Where everything on one lane's stage stands. All sizes follow from the font's height, so that
/// larger text gets more room.
class StageGeometry
{
public:
    StageGeometry() = default;
    /// `area`: what lies between the headline and the sentence; `beside`: the casts of the stages
    /// beside this one. All have their rows and columns at the same places, and fold alike.
    StageGeometry(const QRectF& area, double em, const Cast& cast,
                  const std::vector<const Cast*>& beside = {});

    /// Of an area that has so many clients' rows and so many replicas, close together.
    static double heightFor(std::size_t clients, std::size_t replicas, double em);

    std::size_t shownClients() const { return m_clientCentres.size(); }
    std::size_t hiddenClients() const { return m_hiddenClients; }
    std::size_t shownReplicas() const { return m_replicas.size(); }
    /// Of what stands at balancers and replicas.
    double unit() const { return m_whole; }
    /// Of what stands at clients: smaller where they are many.
    double rowUnit() const { return m_unit; }
    double clientRadius() const { return m_unit * 0.9; }
    double dotRadius() const { return m_whole * 0.4; }
    double cellSize() const { return m_unit * 0.92; }
    std::size_t trailCells() const { return m_trailCells; }

    QPointF client(std::size_t index) const { return m_clientCentres[index]; }
    /// The cookie of the balancer, or of those side by side, with this number among interventions.
    QRectF cookie(std::size_t client, std::uint8_t place = 0) const;
    /// The newest answer is cell 0.
    QRectF trailCell(std::size_t client, std::size_t cell) const;
    QRectF replica(std::size_t index) const { return m_replicas[index]; }
    /// Where its requests begin and end; of those that are not shown, beside "and 27 more".
    QPointF clientPort(std::size_t index) const;
    QPointF replicaPort(std::size_t index) const;
    QPointF moreClients() const { return m_moreClients; }
    std::size_t hiddenReplicas() const { return m_hiddenReplicas; }
    QPointF moreReplicas() const { return m_moreReplicas; }

    /// One, or all of the cast's; null where no request comes.
    const std::vector<QRectF>& balancers() const { return m_balancers.boxes; }
    QRectF balancer(std::size_t index = 0) const { return m_balancers.boxes[index]; }
    bool hasBalancer(std::size_t index) const
    {
        return index < m_balancers.boxes.size() && !m_balancers.boxes[index].isNull();
    }
    /// Of a cache in front of them: all ways from clients lead through it.
    QRectF cache() const;
    QPointF entry(std::size_t balancer) const;
    QPointF exit(std::size_t balancer) const;
    /// From where to where the label of one of several may stand.
    std::pair<double, double> balancerLabelRoom(std::size_t index) const
    {
        return m_balancers.labelRooms[index];
    }
    int balancerLabelLines() const { return m_balancers.labelLines; }
    /// Of one of several: where its label may be.
    QRectF balancerLabel(std::size_t index) const;

    /// Whether it is on its way at `now`, not inside its replica.
    static bool travels(const Flight& flight, Instant now);
    /// Where a flight's dot is at `now`; nothing where it does not travel.
    std::optional<QPointF> dot(const Flight& flight, Instant now) const;
    /// From the first balancer to the replica, or to the last balancer where that is not shown:
    /// two points for each hop.
    std::vector<QPointF> way(const std::vector<std::uint8_t>& via, ReplicaIndex replica) const;

private:
    /// Beside a client's circle.
    struct CookieSlot
    {
        std::uint8_t place = 0;
        double left = 0; ///< from the circle's edge
        double width = 0;
        bool names = false; ///< has room for a balancer's name
    };

    using Slots = std::vector<CookieSlot>;

    Slots slotsOf(const Cast& cast) const;
    double besideClient(const Slots& places) const;
    double replicasLeft(const QRectF& area) const;
    double leastX(const QRectF& area) const;
    double clientsX(const QRectF& area, double em, const Cast& cast) const;
    /// `rows`: of the stage that has most.
    void placeClients(const QRectF& area, double em, std::size_t clients, std::size_t rows,
                      double x);
    void placeReplicas(const QRectF& area, double em, std::size_t replicas, std::size_t most);
    void placeBalancers(const QRectF& area, double em, const Cast& cast);

    BalancerLayout m_balancers;
    Slots m_cookieSlots;
    std::vector<QPointF> m_clientCentres;
    std::vector<QRectF> m_replicas;
    QPointF m_moreClients;
    double m_besideMore = 0; ///< from its middle to its edge
    std::size_t m_hiddenClients = 0;
    QPointF m_moreReplicas;
    std::size_t m_hiddenReplicas = 0;
    std::size_t m_trailCells = 0;
    double m_unit = 16; ///< of the clients' rows
    double m_whole = 16; ///< of all else
    double m_line = 16; ///< of a balancer's label
};

} // namespace stickyscope
