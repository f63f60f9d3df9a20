// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The stage's middle: balancers, the ways through them, and their cookies beside the clients.
#include "ui/format.h"
#include "ui/stage/stage_finder.h"
#include "ui/stage/stage_painter.h"

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

constexpr double belowBox = 3;

}

void StagePainter::drawLines()
{
    m_painter.setPen(QPen(m_theme.line, 1.4));
    drawLinesIn();
    drawLinesOn();
}

// From the clients to the balancers that they ask.
void StagePainter::drawLinesIn()
{
    const std::vector<CastBalancer>& several = m_lane.cast->balancers;
    for (std::size_t client = 0; client < m_geometry.shownClients(); ++client) {
        const QPointF from = m_geometry.clientPort(client);
        if (several.empty())
            m_painter.drawLine(from, m_geometry.entry(0));
        else if (client < m_lane.clients.size()) {
            // Not every client asks every balancer.
            for (const std::uint8_t front : m_lane.clients[client].asked) {
                if (m_geometry.hasBalancer(front))
                    m_painter.drawLine(from, m_geometry.entry(front));
            }
        }
    }
    if (m_geometry.hiddenClients() > 0) {
        const QPointF from = m_geometry.clientPort(m_geometry.shownClients());
        for (std::size_t front = 0; front < m_geometry.balancers().size(); ++front) {
            if (m_geometry.hasBalancer(front) && (several.empty() || several[front].asked))
                m_painter.drawLine(from, m_geometry.entry(front));
        }
    }
}

// From the balancers to their servers, and to the balancers behind them.
void StagePainter::drawLinesOn()
{
    const std::vector<CastBalancer>& several = m_lane.cast->balancers;
    const auto toReplica = [&](std::size_t balancer, std::size_t replica) {
        if (m_geometry.shownReplicas() > 0)
            m_painter.drawLine(m_geometry.exit(balancer), m_geometry.replicaPort(replica));
    };
    for (std::size_t index = 0; several.empty() && index < m_geometry.shownReplicas(); ++index)
        toReplica(0, index);
    if (several.empty() && m_geometry.hiddenReplicas() > 0)
        toReplica(0, m_geometry.shownReplicas());
    for (std::size_t index = 0; index < several.size(); ++index) {
        if (!m_geometry.hasBalancer(index))
            continue;
        for (const ReplicaIndex replica : several[index].replicas)
            toReplica(index, raw(replica));
        for (const std::uint8_t behind : several[index].balancers)
            m_painter.drawLine(m_geometry.exit(index), m_geometry.entry(behind));
    }
}

// An open WebSocket is a line that stays, through the balancers to its replica.
void StagePainter::drawConnections()
{
    for (std::size_t client = 0;
         client < m_geometry.shownClients() && client < m_lane.clients.size(); ++client) {
        const ClientPicture& picture = m_lane.clients[client];
        const std::size_t front = picture.via.empty() ? 0 : picture.via.front();
        if (picture.connected == noReplica || !m_geometry.hasBalancer(front)
            || raw(picture.connected) >= m_geometry.shownReplicas())
            continue;
        m_painter.setPen(QPen(replicaColour(raw(picture.connected)), 2.2));
        m_painter.drawLine(m_geometry.clientPort(client), m_geometry.entry(front));
        const std::vector<QPointF> way = m_geometry.way(picture.via, picture.connected);
        for (std::size_t point = 0; point + 1 < way.size(); point += 2)
            m_painter.drawLine(way[point], way[point + 1]);
    }
}

void StagePainter::drawCookies(std::size_t client)
{
    if (client >= m_lane.clients.size())
        return;
    const ClientPicture& picture = m_lane.clients[client];
    const std::vector<CastBalancer>& several = m_lane.cast->balancers;
    if (several.empty() && picture.cookie != noReplica)
        drawCookie(m_geometry.cookie(client), picture.cookie);
    for (const HeldCookie& held : picture.held) {
        if (held.balancer >= several.size())
            continue;
        const QRectF box = m_geometry.cookie(client, several[held.balancer].place);
        if (held.names < several.size())
            drawNamingCookie(box, held.names);
        else if (held.replica != noReplica)
            drawCookie(box, held.replica);
    }
}

// The first one is under the pointer.
void StagePainter::drawCarried(std::size_t client, const QPointF& at)
{
    if (client >= m_geometry.shownClients())
        return;
    m_painter.save();
    m_painter.translate(at - m_geometry.cookie(client).center());
    drawCookies(client);
    m_painter.restore();
}

void StagePainter::drawCookie(const QRectF& room, ReplicaIndex names)
{
    // Where a name would have room, a square stands at the left.
    const double side = m_geometry.rowUnit() * 0.85;
    const QRectF box(room.left(), room.center().y() - side / 2, side, side);
    const QColor colour = replicaColour(raw(names));
    // In the jar, but withheld: an outline, for it does not travel.
    const bool withheld = m_lane.cast->stickyWithheld;
    m_painter.setPen(withheld ? QPen(colour, 2) : outline());
    m_painter.setBrush(withheld ? QBrush(m_theme.card) : QBrush(colour));
    m_painter.drawRoundedRect(withheld ? box.adjusted(1, 1, -1, -1) : box, 3, 3);
    if (stopped(names)) {
        // Cracked: what it points to is gone.
        m_painter.setPen(QPen(m_theme.card, 2));
        m_painter.drawPolyline(QPolygonF {{box.left() + box.width() * 0.6, box.top() - 1},
                                          {box.left() + box.width() * 0.4, box.center().y() - 1},
                                          {box.left() + box.width() * 0.62, box.center().y() + 1},
                                          {box.left() + box.width() * 0.38, box.bottom() + 1}});
    }
}

// It names another balancer: ink, as balancers are, with the name.
void StagePainter::drawNamingCookie(const QRectF& box, std::size_t balancer)
{
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(balancerColour());
    m_painter.drawRoundedRect(box, 3, 3);
    QFont font = scaledFont(1, QFont::DemiBold);
    font.setPixelSize(static_cast<int>(std::max(8.0, box.height() * 0.78)));
    const QString name = groupName(*m_lane.cast, balancer);
    const double wide = QFontMetricsF(font).horizontalAdvance(name);
    const double room = box.width() - 4;
    constexpr double least = 0.8; // then its end is left out
    if (wide > room)
        font.setPixelSize(static_cast<int>(font.pixelSize() * std::max(room / wide, least)));
    m_painter.setFont(font);
    m_painter.setPen(m_theme.card);
    m_painter.drawText(box, Qt::AlignCenter,
                       QFontMetricsF(font).elidedText(name, Qt::ElideRight, box.width() - 2));
}

void StagePainter::drawCache()
{
    const QRectF box = m_geometry.cache();
    if (box.isNull())
        return;
    m_painter.setPen(QPen(m_theme.ink, 1.8));
    m_painter.setBrush(m_theme.card);
    m_painter.drawRoundedRect(box, 4, 4);
    const QString name = QObject::tr("cache");
    const QFontMetricsF metrics(balancerFont());
    QRectF below(0, box.bottom() + belowBox, metrics.horizontalAdvance(name) + 2, metrics.height());
    below.moveCenter({box.center().x(), below.center().y()});
    m_painter.fillRect(below, m_theme.card);
    m_painter.setFont(balancerFont());
    m_painter.setPen(m_theme.faint);
    m_painter.drawText(below, Qt::AlignCenter, name);
}

QColor StagePainter::balancerColour() const
{
    return m_theme.dark ? m_theme.ink.darker(125) : m_theme.ink;
}

void StagePainter::drawBalancer(std::size_t index, bool focused)
{
    const QRectF box = m_geometry.balancer(index);
    if (focused) {
        m_painter.setPen(QPen(m_theme.focus, 2));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), 7, 7);
    }
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(balancerColour());
    const double round = std::min(4.0, box.width() * 0.2);
    m_painter.drawRoundedRect(box, round, round);
    drawBalancerName(index);
}

QFont StagePainter::balancerFont() const
{
    return scaledFont(m_lane.cast->balancers.empty() ? 0.9 : 0.85);
}

QString StagePainter::balancerName(std::size_t index) const
{
    const QFontMetricsF metrics(balancerFont());
    const std::vector<CastBalancer>& several = m_lane.cast->balancers;
    if (!several.empty()) {
        const auto [left, right] = m_geometry.balancerLabelRoom(index);
        return metrics.elidedText(fromCore(several[index].name), Qt::ElideRight, right - left);
    }
    const double between = m_geometry.shownReplicas() > 0 && m_geometry.shownClients() > 0
        ? m_geometry.replica(0).left() - 12 - m_geometry.clientPort(0).x()
        : 180;
    return metrics.elidedText(fromCore(m_lane.cast->balancer), Qt::ElideMiddle, between);
}

QRectF StagePainter::nameBox(std::size_t index) const
{
    const QRectF box = m_geometry.balancer(index);
    const QFontMetricsF metrics(balancerFont());
    const double wide = metrics.horizontalAdvance(balancerName(index)) + 2;
    // Under its box, but clear of the replicas.
    double left = box.center().x() - wide / 2;
    if (!m_lane.cast->balancers.empty()) {
        const auto [from, to] = m_geometry.balancerLabelRoom(index);
        left = std::max(std::min(left, to - wide), from);
    } else if (m_geometry.shownReplicas() > 0) {
        left = std::min(left, m_geometry.replica(0).left() - 6 - wide);
    }
    return {left, box.bottom() + belowBox, wide, metrics.height()};
}

void StagePainter::drawBalancerName(std::size_t index)
{
    const std::vector<CastBalancer>& several = m_lane.cast->balancers;
    if (m_geometry.balancerLabelLines() < 1)
        return;
    m_painter.setFont(balancerFont());
    m_painter.setPen(several.empty() ? m_theme.faint : m_theme.ink);
    const QRectF name = nameBox(index);
    m_painter.drawText(name, Qt::AlignHCenter | Qt::AlignTop, balancerName(index));
    if (several.empty() || !several[index].beside || m_geometry.balancerLabelLines() < 2)
        return;
    const QFont small = scaledFont(0.78);
    const QFontMetricsF metrics(small);
    m_painter.setFont(small);
    m_painter.setPen(m_theme.faint);
    const QString state =
        several[index].sharesSessions ? QObject::tr("shared state") : QObject::tr("own state");
    const auto [from, to] = m_geometry.balancerLabelRoom(index);
    const double wide = std::min(metrics.horizontalAdvance(state) + 2, to - from);
    const double middle = m_geometry.balancer(index).center().x() - wide / 2;
    const QRectF below(std::max(std::min(middle, to - wide), from), name.bottom() - 2, wide,
                       metrics.height());
    m_painter.drawText(below, Qt::AlignHCenter | Qt::AlignTop,
                       metrics.elidedText(state, Qt::ElideRight, below.width()));
}

double StagePainter::leftOfBalancers() const
{
    double left =
        m_geometry.shownReplicas() > 0 ? m_geometry.replica(0).left() : m_painter.window().right();
    for (std::size_t index = 0; index < m_geometry.balancers().size(); ++index) {
        if (m_geometry.hasBalancer(index))
            left = std::min(left, m_geometry.balancer(index).left());
    }
    return left;
}

double StagePainter::rightOfBalancers() const
{
    double right = 0;
    for (std::size_t index = 0; index < m_geometry.balancers().size(); ++index) {
        if (m_geometry.hasBalancer(index))
            right = std::max({right, m_geometry.balancer(index).right(), nameBox(index).right()});
    }
    return right;
}

} // namespace stickyscope
