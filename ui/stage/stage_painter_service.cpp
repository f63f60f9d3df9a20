// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The stage's right: requests on their way, the balancer, the replicas.
#include "ui/format.h"
#include "ui/stage/stage_painter.h"

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace stickyscope {

void StagePainter::drawBalancer()
{
    const QRectF box = m_geometry.balancer();
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.dark ? m_theme.ink.darker(125) : m_theme.ink);
    m_painter.drawRoundedRect(box, 4, 4);
    const QFont font = scaledFont(0.9);
    const QFontMetricsF metrics(font);
    const double between = m_geometry.shownReplicas() > 0 && m_geometry.shownClients() > 0
        ? m_geometry.replica(0).left() - 12 - m_geometry.clientPort(0).x()
        : 180;
    const QString name =
        metrics.elidedText(fromCore(m_lane.cast->balancer), Qt::ElideMiddle, between);
    const double wide = metrics.horizontalAdvance(name) + 2;
    // Under its box, but clear of the replicas.
    double left = box.center().x() - wide / 2;
    if (m_geometry.shownReplicas() > 0)
        left = std::min(left, m_geometry.replica(0).left() - 6 - wide);
    m_painter.setPen(m_theme.faint);
    m_painter.setFont(font);
    m_painter.drawText(QRectF(left, box.bottom() + 4, wide, metrics.height()),
                       Qt::AlignHCenter | Qt::AlignTop, name);
}

void StagePainter::drawInService(std::size_t index, const QColor& ink)
{
    const std::uint32_t count = m_lane.replicas[index].inService;
    if (count == 0)
        return;
    const QRectF box = m_geometry.replica(index);
    const double radius = m_geometry.unit() * 0.16;
    constexpr std::uint32_t mostPips = 12;
    const std::uint32_t pips = std::min(count, mostPips);
    const double step = radius * 3.2;
    double x = box.center().x() - step * (pips - 1) / 2;
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(ink);
    for (std::uint32_t pip = 0; pip < pips; ++pip, x += step)
        m_painter.drawEllipse(QPointF(x, box.bottom() - radius * 2.6), radius, radius);
}

void StagePainter::drawReplica(std::size_t index, bool focused)
{
    const QRectF box = m_geometry.replica(index);
    const ReplicaPicture& picture = m_lane.replicas[index];
    const QColor colour = replicaColour(index);
    const bool gone = picture.state == ReplicaState::stopped;
    const bool leaving = picture.state == ReplicaState::draining;
    QString name = fromCore(m_lane.cast->replicas[index]);
    if (gone) {
        QPen pen(m_theme.faint, 1.6, Qt::DashLine);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        name += QStringLiteral(" ✕");
    } else {
        m_painter.setPen(leaving ? QPen(m_theme.ink, 2, Qt::DotLine) : QPen(Qt::NoPen));
        m_painter.setBrush(colour);
    }
    m_painter.drawRoundedRect(box, 8, 8);
    const QColor ink = gone ? m_theme.faint : inkOn(colour);
    if (focused) {
        m_painter.setPen(QPen(m_theme.focus, 2));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 10, 10);
    }
    m_painter.setPen(ink);
    const QFont font = scaledFont(1, QFont::DemiBold);
    m_painter.setFont(font);
    const QString elided = QFontMetricsF(font).elidedText(name, Qt::ElideMiddle, box.width() - 8);
    // In a low box the name makes room for what is in service.
    const double foot = box.height() < m_geometry.unit() * 2.6 ? m_geometry.unit() * 0.45 : 0;
    m_painter.drawText(box.adjusted(0, 0, 0, -foot), Qt::AlignCenter, elided);
    if (!gone)
        drawInService(index, ink);

    const ReplicaResult& result = m_lane.result.replicas[index];
    QString below = QObject::tr("%1 answered").arg(asCount(result.requests));
    if (leaving)
        below += QObject::tr(" · draining");
    if (!gone && picture.noticedDown)
        below += QObject::tr(" · marked down");
    m_painter.setPen(m_theme.faint);
    const QFont small = scaledFont(0.85);
    m_painter.setFont(small);
    // In the middle of the box, but not beyond its right edge, where the scene soon ends.
    const double width = std::ceil(QFontMetricsF(small).horizontalAdvance(below)) + 2;
    const double left = std::min(box.center().x() - width / 2, box.right() - width);
    m_painter.drawText(QRectF(left, box.bottom() + 4, width, m_geometry.unit() * 1.7),
                       Qt::AlignHCenter | Qt::AlignTop, below);
}

void StagePainter::drawFlight(const Flight& flight)
{
    const auto at = m_geometry.dot(flight, m_now);
    if (!at)
        return;
    const double radius = m_geometry.dotRadius();
    const bool back = flight.leg == Flight::Leg::back;
    m_painter.setPen(QPen(m_theme.ink, 1.6));
    if (back && flight.failed) {
        m_painter.setBrush(m_theme.ink);
        m_painter.drawPolygon(QPolygonF {{at->x(), at->y() - radius},
                                         {at->x() + radius, at->y()},
                                         {at->x(), at->y() + radius},
                                         {at->x() - radius, at->y()}});
        return;
    }
    const bool filled = flight.pointsTo != noReplica;
    m_painter.setBrush(filled ? QBrush(replicaColour(raw(flight.pointsTo))) : QBrush(m_theme.card));
    m_painter.drawEllipse(*at, radius, radius);
    if (!back)
        return drawReason(flight, *at);
    // On the way back the heart of the dot is the replica that answered.
    if (flight.replica != noReplica && flight.replica != flight.pointsTo) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(replicaColour(raw(flight.replica)));
        m_painter.drawEllipse(*at, radius * 0.55, radius * 0.55);
    }
}

void StagePainter::drawReason(const Flight& flight, const QPointF& at)
{
    const bool telling = flight.leg == Flight::Leg::toReplica
        && (flight.cookieIn == CookieIn::down || flight.cookieIn == CookieIn::unknown);
    if (!telling)
        return;
    const QString text = flight.cookieIn == CookieIn::down ? QObject::tr("its server is down")
                                                           : QObject::tr("unknown cookie");
    const QFont font = scaledFont(0.85);
    const QFontMetricsF metrics(font);
    QRectF box(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 4);
    box.moveCenter(at - QPointF(0, m_geometry.unit() * 1.3));
    m_painter.setPen(QPen(m_theme.border, 1));
    m_painter.setBrush(m_theme.card);
    m_painter.drawRoundedRect(box, 4, 4);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.ink);
    m_painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace stickyscope
