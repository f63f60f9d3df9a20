// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// On which ways requests travel over a stage, and how far they are.
#include "ui/stage/stage_geometry.h"

#include <QLineF>

#include <algorithm>

namespace stickyscope {

namespace {

// The hop from balancer to replica takes no time in the model; on the stage it must be seen.
constexpr Duration hop = std::chrono::milliseconds(220);

QPointF between(const QPointF& from, const QPointF& to, double share)
{
    const double eased = share * share * (3 - 2 * share);
    return QLineF(from, to).pointAt(eased);
}

// A way is a hop from one to the next, with the passage through a balancer between two of them.
int hopsOf(const std::vector<QPointF>& points)
{
    return static_cast<int>(points.size()) / 2;
}

// Each hop takes as long as any other; the passage through a balancer's square takes no time.
QPointF along(const std::vector<QPointF>& points, double share)
{
    const int hops = hopsOf(points);
    const int turn = std::min(static_cast<int>(share * hops), hops - 1);
    const auto first = static_cast<std::size_t>(turn) * 2;
    return between(points[first], points[first + 1], share * hops - turn);
}

Duration toItsReplica(const Flight& flight)
{
    return hop * static_cast<Duration::rep>(std::max<std::size_t>(flight.via.size(), 1));
}

double shareOf(Duration passed, Duration whole)
{
    if (whole <= Duration::zero())
        return 1;
    return std::clamp(inSeconds(passed) / inSeconds(whole), 0.0, 1.0);
}

} // namespace

std::vector<QPointF> StageGeometry::way(const std::vector<std::uint8_t>& via,
                                        ReplicaIndex replica) const
{
    std::vector<QPointF> points;
    for (std::size_t turn = 0; turn < std::max<std::size_t>(via.size(), 1); ++turn) {
        const std::size_t balancer = via.empty() ? 0 : via[turn];
        if (!hasBalancer(balancer))
            continue;
        if (!points.empty())
            points.push_back(entry(balancer));
        points.push_back(exit(balancer));
    }
    if (points.empty())
        return points;
    if (replica != noReplica && !m_replicas.empty())
        points.push_back(replicaPort(raw(replica)));
    else
        points.pop_back();
    return points;
}

bool StageGeometry::travels(const Flight& flight, Instant now)
{
    return flight.leg != Flight::Leg::toReplica || flight.replica == noReplica
        || now - flight.since < toItsReplica(flight);
}

std::optional<QPointF> StageGeometry::dot(const Flight& flight, Instant now) const
{
    const std::size_t front = flight.via.empty() ? 0 : flight.via.front();
    const std::size_t last = flight.via.empty() ? 0 : flight.via.back();
    if (!travels(flight, now) || !hasBalancer(front) || !hasBalancer(last))
        return std::nullopt;
    const QPointF client = clientPort(raw(flight.client));
    const bool known = flight.replica != noReplica && !m_replicas.empty();
    const Duration passed = now - flight.since;
    switch (flight.leg) {
    case Flight::Leg::toBalancer:
        return between(client, entry(front), shareOf(passed, flight.lasts));
    case Flight::Leg::toReplica: {
        if (!known)
            return entry(last);
        const std::vector<QPointF> points = way(flight.via, flight.replica);
        return along(points, shareOf(passed, toItsReplica(flight)));
    }
    case Flight::Leg::back: {
        const double share = shareOf(passed, flight.lasts);
        const bool fromReplica = known && !flight.failed;
        std::vector<QPointF> points = way(flight.via, fromReplica ? flight.replica : noReplica);
        // A balancer's own answer begins at the balancer, maybe behind another.
        const double turn = points.size() < 2 ? 0 : 0.4;
        std::reverse(points.begin(), points.end());
        if (share < turn)
            return along(points, share / turn);
        return between(entry(front), client, (share - turn) / (1 - turn));
    }
    }
    return std::nullopt;
}

} // namespace stickyscope
