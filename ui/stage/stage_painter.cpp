// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/stage_painter.h"

#include "ui/format.h"
#include "ui/short_names.h"

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include <algorithm>

namespace stickyscope {

StagePainter::StagePainter(QPainter& painter, const Theme& theme, const StageGeometry& geometry,
                           const StageMoment& moment)
    : m_painter(painter)
    , m_theme(theme)
    , m_geometry(geometry)
    , m_lane(moment.lane)
    , m_now(moment.now)
    , m_scale(moment.scale)
    , m_cache(moment.cache)
    , m_names(shortNames(m_lane.cast->clients, geometry.shownClients()))
{
    painter.setRenderHint(QPainter::Antialiasing);
}

bool StagePainter::stopped(ReplicaIndex replica) const
{
    return raw(replica) < m_lane.replicas.size()
        && m_lane.replicas[raw(replica)].state == ReplicaState::stopped;
}

void StagePainter::draw(const StageFocus& focus)
{
    drawLines();
    drawConnections();
    for (std::size_t client = 0; client < m_geometry.shownClients(); ++client) {
        drawTrail(client);
        if (!focus.carried || focus.carried->client != client)
            drawCookies(client);
        drawClient(client, focus.client == client);
        drawClosed(client);
    }
    drawMore(m_geometry.moreClients(), m_geometry.hiddenClients());
    drawMore(m_geometry.moreReplicas(), m_geometry.hiddenReplicas());
    if (m_cache)
        drawCache();
    for (std::size_t index = 0; index < m_geometry.balancers().size(); ++index) {
        if (m_geometry.hasBalancer(index))
            drawBalancer(index, focus.balancer == index);
    }
    for (std::size_t index = 0; index < m_geometry.shownReplicas(); ++index)
        drawReplica(index, focus.replica == index);
    for (const Flight& flight : m_lane.flights) {
        if (m_scale.draws(flight.client, flight.ordinal))
            drawFlight(flight);
    }
    if (focus.carried)
        drawCarried(focus.carried->client, focus.carried->where);
}

QPen StagePainter::outline() const
{
    return m_theme.outlined ? QPen(m_theme.ink, 1.4) : QPen(Qt::NoPen);
}

// Nothing is left out in silence.
void StagePainter::drawMore(const QPointF& where, std::size_t hidden)
{
    if (hidden == 0)
        return;
    m_painter.setPen(m_theme.faint);
    m_painter.setFont(scaledFont(0.9));
    QRectF box(0, 0, 300, m_geometry.unit() * 2);
    box.moveCenter(where);
    m_painter.drawText(box, Qt::AlignCenter, QObject::tr("and %1 more").arg(asCount(hidden)));
}

// `half`: of its diagonals, in widths of the box.
void StagePainter::drawDiamond(const QRectF& box, double half)
{
    const QPointF centre = box.center();
    const double reach = box.width() * half;
    m_painter.drawPolygon(QPolygonF {{centre.x(), centre.y() - reach},
                                     {centre.x() + reach, centre.y()},
                                     {centre.x(), centre.y() + reach},
                                     {centre.x() - reach, centre.y()}});
}

void StagePainter::drawTrail(std::size_t client)
{
    if (client >= m_lane.clients.size())
        return;
    const auto& trail = m_lane.clients[client].trail;
    const std::size_t shown = std::min(trail.size(), m_geometry.trailCells());
    for (std::size_t cell = 0; cell < shown; ++cell) {
        const TrailCell& answer = trail[trail.size() - 1 - cell];
        const QRectF box = m_geometry.trailCell(client, cell);
        // Older answers fade, but never below what can still be told apart.
        const double age = static_cast<double>(cell)
            / static_cast<double>(std::max<std::size_t>(m_geometry.trailCells(), 1));
        m_painter.setOpacity(m_theme.outlined ? 1 : 1 - 0.55 * age);
        if (answer.replica == noReplica) {
            // ◆ an error, or nobody known
            m_painter.setPen(QPen(m_theme.ink, 1.4));
            m_painter.setBrush(answer.failed ? QBrush(m_theme.ink) : QBrush(Qt::NoBrush));
            drawDiamond(box, 0.42);
        } else {
            const QColor colour = replicaColour(raw(answer.replica));
            m_painter.setPen(outline());
            m_painter.setBrush(colour);
            m_painter.drawRoundedRect(box, box.width() * 0.2, box.width() * 0.2);
            if (isServerError(answer.status)) {
                m_painter.setPen(Qt::NoPen);
                m_painter.setBrush(inkOn(colour));
                drawDiamond(box, 0.3);
            }
            if (answer.broken) {
                // A broken session: a cut through the cell.
                m_painter.setPen(QPen(inkOn(colour), 1.6));
                m_painter.drawLine(box.bottomLeft() + QPointF(3, -3),
                                   box.topRight() + QPointF(-3, 3));
            }
        }
    }
    m_painter.setOpacity(1);
}

void StagePainter::drawClient(std::size_t client, bool focused)
{
    const QPointF centre = m_geometry.client(client);
    if (focused) {
        const double ring = m_geometry.clientRadius() + 4;
        m_painter.setPen(QPen(m_theme.focus, 2));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawEllipse(centre, ring, ring);
    }
    m_painter.setPen(QPen(m_theme.ink, 1.8));
    m_painter.setBrush(m_theme.card);
    m_painter.drawEllipse(centre, m_geometry.clientRadius(), m_geometry.clientRadius());
    const QString name = m_names.value(static_cast<qsizetype>(client));
    QFont font = scaledFont(1, QFont::DemiBold);
    font.setPixelSize(
        static_cast<int>(std::max(8.0, m_geometry.rowUnit() * (name.size() > 2 ? 0.68 : 0.82))));
    const double room = m_geometry.clientRadius() * 1.8;
    const double wide = QFontMetricsF(font).horizontalAdvance(name);
    if (wide > room)
        font.setPixelSize(std::max(6, static_cast<int>(font.pixelSize() * room / wide)));
    m_painter.setFont(font);
    QRectF box(0, 0, m_geometry.clientRadius() * 2, m_geometry.clientRadius() * 2);
    box.moveCenter(centre);
    m_painter.drawText(box, Qt::AlignCenter, name);
}

// How its WebSocket ended, until the next one is open.
void StagePainter::drawClosed(std::size_t client)
{
    if (client >= m_lane.clients.size() || m_lane.clients[client].connected != noReplica)
        return;
    const auto [code, reason] = m_lane.clients[client].closed;
    if (code == 0)
        return;
    QString text = QObject::tr("closed %1").arg(code);
    if (raw(reason) < m_lane.rules.size() && !m_lane.rules[raw(reason)].empty())
        text += QStringLiteral(" ") + fromCore(m_lane.rules[raw(reason)]);
    const QFont font = scaledFont(0.8);
    const QPointF from = m_geometry.clientPort(client);
    const QFontMetricsF metrics(font);
    const double room = leftOfBalancers() - from.x() - 12;
    text = metrics.elidedText(text, Qt::ElideRight, room);
    QRectF box(0, 0, metrics.horizontalAdvance(text) + 6, metrics.height());
    box.moveCenter({from.x() + 6 + box.width() / 2, from.y()});
    m_painter.fillRect(box, m_theme.card);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.faint);
    m_painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace stickyscope
