// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/stage_geometry.h"

#include <QLineF>

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

// The hop from balancer to replica takes no time in the model; on the stage it must be seen.
constexpr Duration hop = std::chrono::milliseconds(220);

QPointF between(const QPointF& from, const QPointF& to, double share)
{
    const double eased = share * share * (3 - 2 * share);
    return QLineF(from, to).pointAt(eased);
}

double shareOf(Duration passed, Duration whole)
{
    if (whole <= Duration::zero())
        return 1;
    return std::clamp(inSeconds(passed) / inSeconds(whole), 0.0, 1.0);
}

} // namespace

StageGeometry::StageGeometry(const QRectF& area, double em, std::size_t clients,
                             std::size_t replicas)
    : m_left(area.left())
{
    // As large as the rows allow, within reason for a projector and for a small window.
    const double wanted = area.height() / (std::max<double>(static_cast<double>(clients), 4) * 3.2);
    m_unit = std::clamp(wanted, em * 0.72, em * 1.8);
    const double rowHeight = std::min(
        area.height() / static_cast<double>(std::max<std::size_t>(clients, 1)), m_unit * 4.2);
    const double least = m_unit * 2.1;
    std::size_t shown = clients;
    double height = rowHeight;
    if (rowHeight < least) {
        shown =
            static_cast<std::size_t>(std::max(1.0, std::floor((area.height() - em * 1.3) / least)));
        height = least;
    }
    m_hiddenClients = clients - shown;
    const double top = area.top()
        + (area.height() - height * static_cast<double>(shown)
           - (m_hiddenClients > 0 ? em * 1.3 : 0))
            / 2;
    const double clientX = area.left() + area.width() * 0.40;
    for (std::size_t index = 0; index < shown; ++index)
        m_clientCentres.emplace_back(clientX, top + height * (static_cast<double>(index) + 0.5));
    m_moreClients = {clientX, top + height * static_cast<double>(shown) + em * 0.7};
    m_trailCells = static_cast<std::size_t>(
        std::max(0.0, (clientX - clientRadius() - m_unit * 0.4 - area.left()) / (m_unit * 1.15)));

    const double side = m_unit * 2.6;
    m_balancer = QRectF(0, 0, side, side);
    m_balancer.moveCenter({area.left() + area.width() * 0.665, area.center().y()});

    const double leastRow = em * 2.3;
    const auto fit = static_cast<std::size_t>(std::max(1.0, std::floor(area.height() / leastRow)));
    const bool all = replicas <= fit;
    const std::size_t rows = all ? replicas : std::max<std::size_t>(fit - 1, 1);
    m_hiddenReplicas = replicas - rows;
    const double room = area.height() - (all ? 0 : em * 1.3);
    const double boxWidth = std::max(area.width() * 0.17, em * 5.4);
    const double step = room / static_cast<double>(std::max<std::size_t>(rows, 1));
    const double boxHeight = std::min(m_unit * 3.1, step * 0.58);
    for (std::size_t index = 0; index < rows; ++index) {
        QRectF box(area.right() - boxWidth, 0, boxWidth, boxHeight);
        box.moveCenter(
            {box.center().x(), area.top() + step * (static_cast<double>(index) + 0.5) - em * 0.5});
        m_replicas.push_back(box);
    }
    m_moreReplicas = {area.right() - boxWidth / 2, area.bottom() - em * 0.6};
}

QRectF StageGeometry::cookie(std::size_t index) const
{
    const double side = m_unit * 0.85;
    QRectF square(0, 0, side, side);
    const QPointF centre = m_clientCentres[index];
    square.moveCenter({centre.x() + clientRadius() + side * 0.85, centre.y()});
    return square;
}

QRectF StageGeometry::trailCell(std::size_t client, std::size_t cell) const
{
    const QPointF centre = m_clientCentres[client];
    QRectF square(0, 0, cellSize(), cellSize());
    const double step = m_unit * 1.15;
    square.moveCenter(
        {centre.x() - clientRadius() - step * (static_cast<double>(cell) + 0.75), centre.y()});
    return square;
}

QPointF StageGeometry::clientPort(std::size_t index) const
{
    return {cookie(index).right() + m_unit * 0.25, m_clientCentres[index].y()};
}

QPointF StageGeometry::replicaPort(std::size_t index) const
{
    return {m_replicas[index].left(), m_replicas[index].center().y()};
}

std::optional<QPointF> StageGeometry::dot(const Flight& flight, Instant now) const
{
    if (raw(flight.client) >= m_clientCentres.size())
        return std::nullopt;
    const QPointF client = clientPort(raw(flight.client));
    const bool known = flight.replica != noReplica && raw(flight.replica) < m_replicas.size();
    const Duration passed = now - flight.since;
    switch (flight.leg) {
    case Flight::Leg::toBalancer:
        return between(client, balancerEntry(), shareOf(passed, flight.lasts));
    case Flight::Leg::toReplica:
        if (!known)
            return balancerEntry();
        if (passed >= hop)
            return std::nullopt;
        return between(balancerExit(), replicaPort(raw(flight.replica)), shareOf(passed, hop));
    case Flight::Leg::back: {
        const double share = shareOf(passed, flight.lasts);
        // A balancer's own answer begins at the balancer.
        constexpr double turn = 0.4;
        if (known && !flight.failed && share < turn)
            return between(replicaPort(raw(flight.replica)), balancerExit(), share / turn);
        const double rest = known && !flight.failed ? (share - turn) / (1 - turn) : share;
        return between(balancerEntry(), client, rest);
    }
    }
    return std::nullopt;
}

} // namespace stickyscope
