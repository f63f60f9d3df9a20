// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/stage_geometry.h"

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

// Times the height of a line. Many clients are drawn smaller than all else, as far as can be read.
constexpr double usualUnit = 0.72;
constexpr double leastUnit = 0.56;
// Of a client's row, times the unit.
constexpr double usualRow = 2.1;
constexpr double closeRow = 1.9;

// A replica's box with what is said below it, times the height of a line.
constexpr double leastReplicaRow = 2.3;
// Of each column of balancers with their names, times the height of a line.
constexpr double columnWidth = 3.4;

} // namespace

StageGeometry::StageGeometry(const QRectF& area, double em, const Cast& cast,
                             const std::vector<const Cast*>& beside)
{
    std::size_t rows = cast.clients.size();
    std::size_t replicas = cast.replicas.size();
    for (const Cast* other : beside) {
        rows = std::max(rows, other->clients.size());
        replicas = std::max(replicas, other->replicas.size());
    }
    // As large as the rows allow, within reason for a projector and for a small window.
    const auto clients = static_cast<double>(rows);
    m_whole = std::clamp(area.height() / (std::max(clients, 4.0) * 3.2), em * usualUnit, em * 1.8);
    const bool fit = area.height() >= clients * m_whole * usualRow;
    m_unit =
        fit ? m_whole : std::clamp(area.height() / (clients * closeRow), em * leastUnit, m_whole);
    m_cookieSlots = slotsOf(cast);
    placeReplicas(area, em, cast.replicas.size(), replicas);
    double x = clientsX(area, em, cast);
    for (const Cast* other : beside)
        x = std::min(x, clientsX(area, em, *other));
    placeClients(area, em, cast.clients.size(), rows, x);
    placeBalancers(area, em, cast);
}

// Each further column of balancers takes room from the trails.
double StageGeometry::clientsX(const QRectF& area, double em, const Cast& cast) const
{
    constexpr double usual = 0.40;
    constexpr double less = 0.08;
    constexpr double least = 0.18;
    const std::vector<int> depths = depthsOf(cast.balancers);
    const int columns = depths.empty() ? 1 : 1 + *std::max_element(depths.begin(), depths.end());
    const double x = area.left() + area.width() * std::max(usual - less * (columns - 1), least);
    if (cast.balancers.empty())
        return x;
    // In a narrow scene balancers need more, for their names.
    return std::clamp(replicasLeft(area) - besideClient(slotsOf(cast)) - columnWidth * em * columns,
                      std::min(leastX(area), x), x);
}

double StageGeometry::heightFor(std::size_t clients, std::size_t replicas, double em)
{
    return std::max(static_cast<double>(clients) * em * leastUnit * usualRow,
                    static_cast<double>(replicas) * em * leastReplicaRow);
}

// A few answers are seen in any case.
double StageGeometry::leastX(const QRectF& area) const
{
    constexpr double leastCells = 3.5;
    return area.left() + clientRadius() + m_unit * 0.4 + leastCells * m_unit * 1.15;
}

// From a client's middle to where its requests begin.
double StageGeometry::besideClient(const Slots& places) const
{
    const CookieSlot& last = places.back();
    return clientRadius() + last.left + last.width + m_unit * 0.25;
}

double StageGeometry::replicasLeft(const QRectF& area) const
{
    return m_replicas.empty() ? area.right() : m_replicas.front().left();
}

// One for each balancer that sets a cookie; wide enough for a name where that can be a balancer's.
StageGeometry::Slots StageGeometry::slotsOf(const Cast& cast) const
{
    constexpr double nameWidth = 3.3;
    const double square = m_unit * 0.85;
    double left = square * 0.35;
    Slots places;
    const auto add = [&](std::uint8_t place, double width, bool names) {
        places.push_back({place, left, width, names});
        left += width + square * 0.3;
    };
    for (const CastBalancer& balancer : cast.balancers) {
        const bool known = !places.empty() && places.back().place == balancer.place;
        const bool names = !balancer.balancers.empty();
        if (!balancer.cookie.empty() && !known)
            add(balancer.place, names ? m_unit * nameWidth : square, names);
    }
    if (places.empty())
        add(0, square, false);
    return places;
}

void StageGeometry::placeClients(const QRectF& area, double em, std::size_t clients,
                                 std::size_t rows, double x)
{
    const double rowHeight =
        std::min(area.height() / static_cast<double>(std::max<std::size_t>(rows, 1)), m_unit * 4.2);
    const double least = m_unit * closeRow;
    std::size_t fit = rows;
    double height = rowHeight;
    if (rowHeight < 0.999 * least) {
        fit =
            static_cast<std::size_t>(std::max(1.0, std::floor((area.height() - em * 1.3) / least)));
        height = least;
    }
    const std::size_t shown = std::min(fit, clients);
    m_hiddenClients = clients - shown;
    const double top = area.top()
        + (area.height() - height * static_cast<double>(fit) - (rows > fit ? em * 1.3 : 0)) / 2;
    for (std::size_t index = 0; index < shown; ++index)
        m_clientCentres.emplace_back(x, top + height * (static_cast<double>(index) + 0.5));
    m_moreClients = {x, top + height * static_cast<double>(shown) + em * 0.7};
    m_besideMore = em * 3.2;
    m_trailCells = static_cast<std::size_t>(
        std::max(0.0, (x - clientRadius() - m_unit * 0.4 - area.left()) / (m_unit * 1.15)));
}

void StageGeometry::placeReplicas(const QRectF& area, double em, std::size_t replicas,
                                  std::size_t most)
{
    const double leastRow = em * leastReplicaRow;
    const auto fit =
        static_cast<std::size_t>(std::max(1.0, std::floor(area.height() / leastRow + 0.001)));
    const bool all = most <= fit;
    const std::size_t rows = all ? most : std::max<std::size_t>(fit - 1, 1);
    const std::size_t shown = std::min(rows, replicas);
    m_hiddenReplicas = replicas - shown;
    const double room = area.height() - (all ? 0 : em * 1.3);
    const double boxWidth = std::max(area.width() * 0.17, em * 5.4);
    const double step = room / static_cast<double>(std::max<std::size_t>(rows, 1));
    const double boxHeight = std::min(m_whole * 3.1, step * 0.58);
    for (std::size_t index = 0; index < shown; ++index) {
        QRectF box(area.right() - boxWidth, 0, boxWidth, boxHeight);
        box.moveCenter(
            {box.center().x(), area.top() + step * (static_cast<double>(index) + 0.5) - em * 0.5});
        m_replicas.push_back(box);
    }
    m_moreReplicas = {area.right() - boxWidth / 2, area.bottom() - em * 0.6};
}

void StageGeometry::placeBalancers(const QRectF& area, double em, const Cast& cast)
{
    const double side = m_whole * 2.6;
    if (cast.balancers.empty()) {
        QRectF box(0, 0, side, side);
        box.moveCenter({area.left() + area.width() * 0.665, area.center().y()});
        m_balancers.boxes = {box};
        m_balancers.labelLines = 1;
        return;
    }
    const double left = m_clientCentres.empty() ? area.left() : clientPort(0).x();
    const double right = replicasLeft(area);
    m_line = em * 0.95;
    BalancerLayout::Room room {.area = {QPointF(left, area.top()), QPointF(right, area.bottom())},
                               .side = side,
                               .line = m_line};
    for (const QRectF& replica : m_replicas)
        room.replicas.push_back(replica.center().y());
    m_balancers = BalancerLayout(room, cast.balancers);
}

QRectF StageGeometry::cookie(std::size_t client, std::uint8_t place) const
{
    const auto found =
        std::find_if(m_cookieSlots.begin(), m_cookieSlots.end(),
                     [place](const CookieSlot& slot) { return slot.place == place; });
    const CookieSlot& slot = found == m_cookieSlots.end() ? m_cookieSlots.front() : *found;
    // A name's letters need more than a square's side to be read from afar.
    const double side = m_unit * (slot.names ? 1.35 : 0.85);
    const QPointF centre = m_clientCentres[client];
    return {centre.x() + clientRadius() + slot.left, centre.y() - side / 2, slot.width, side};
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
    if (index >= m_clientCentres.size())
        return m_moreClients + QPointF(m_besideMore, 0);
    return m_clientCentres[index] + QPointF(besideClient(m_cookieSlots), 0);
}

QPointF StageGeometry::replicaPort(std::size_t index) const
{
    if (index >= m_replicas.size())
        return {m_replicas.back().left(), m_moreReplicas.y()};
    return {m_replicas[index].left(), m_replicas[index].center().y()};
}

QRectF StageGeometry::balancerLabel(std::size_t index) const
{
    const auto [left, right] = m_balancers.labelRooms[index];
    return {QPointF(left, balancer(index).bottom()),
            QSizeF(right - left, m_balancers.labelLines * m_line)};
}

QRectF StageGeometry::cache() const
{
    QRectF fronts;
    for (const QRectF& box : m_balancers.boxes)
        fronts = fronts.united(box);
    if (m_clientCentres.empty() || fronts.isNull())
        return {};
    constexpr double share = 0.55; // of the way, where lines are close together
    const QPointF first = clientPort(0);
    const QPointF last = clientPort(m_clientCentres.size() - 1);
    const double x = first.x() + (fronts.left() - first.x()) * share;
    const double middle = fronts.center().y();
    const double top = first.y() + (middle - first.y()) * share;
    const double bottom = last.y() + (middle - last.y()) * share;
    return {x - m_whole / 2, top - m_whole, m_whole, bottom - top + 2 * m_whole};
}

QPointF StageGeometry::entry(std::size_t balancer) const
{
    const QRectF& box = m_balancers.boxes[balancer];
    return {box.left(), box.center().y()};
}

QPointF StageGeometry::exit(std::size_t balancer) const
{
    const QRectF& box = m_balancers.boxes[balancer];
    return {box.right(), box.center().y()};
}

} // namespace stickyscope
