// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The stage's right: requests on their way, the replicas.
#include "ui/fault_words.h"
#include "ui/format.h"
#include "ui/stage/stage_painter.h"

#include <QFontMetricsF>
#include <QObject>
#include <QPaintDevice>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace stickyscope {

void StagePainter::drawInService(std::size_t index, const QColor& ink)
{
    const std::uint32_t count = m_lane.replicas[index].inService;
    if (count == 0)
        return;
    const QRectF box = m_geometry.replica(index);
    const double radius = m_geometry.unit() * 0.16;
    constexpr std::uint32_t mostPips = 12;
    if (count > mostPips) {
        // Those that find no room are a number, not missing.
        QFont font = scaledFont(1, QFont::DemiBold);
        font.setPixelSize(static_cast<int>(std::max(8.0, m_geometry.unit() * 0.62)));
        m_painter.setFont(font);
        m_painter.setPen(ink);
        m_painter.drawText(box.adjusted(0, 0, 0, -radius * 0.8), Qt::AlignHCenter | Qt::AlignBottom,
                           QObject::tr("● %1").arg(asCount(count)));
        return;
    }
    const double step = radius * 3.2;
    double x = box.center().x() - step * (count - 1) / 2;
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(ink);
    for (std::uint32_t pip = 0; pip < count; ++pip, x += step)
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
        m_painter.setPen(leaving ? QPen(m_theme.ink, 2, Qt::DotLine) : outline());
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
    const double foot = box.height() < m_geometry.unit() * 2.6 ? m_geometry.unit() * 0.25 : 0;
    m_painter.drawText(box.adjusted(0, 0, 0, -foot), Qt::AlignCenter, elided);
    if (!gone)
        drawInService(index, ink);

    if (!picture.faults.empty() && !gone)
        drawTrouble(box);

    m_painter.setPen(m_theme.faint);
    const QFont small = scaledFont(0.85);
    m_painter.setFont(small);
    // In the middle of the box, but not beyond its right edge, where the scene soon ends; nor over
    // balancers and their names.
    const QFontMetricsF metrics(small);
    const double room = box.right() - rightOfBalancers() - 6;
    const QString below = stateOf(index, metrics, room);
    const double width = std::min(std::ceil(metrics.horizontalAdvance(below)) + 2, room);
    const double left = std::min(box.center().x() - width / 2, box.right() - width);
    m_painter.drawText(QRectF(left, box.bottom() + 4, width, m_geometry.unit() * 1.7),
                       Qt::AlignHCenter | Qt::AlignTop,
                       metrics.elidedText(below, Qt::ElideRight, width));
}

// What is wrong comes first: it is why one looks. How many it answered comes last, and is left out
// before anything is cut.
QString StagePainter::stateOf(std::size_t index, const QFontMetricsF& metrics, double room) const
{
    const ReplicaPicture& picture = m_lane.replicas[index];
    const bool gone = picture.state == ReplicaState::stopped;
    QStringList parts;
    if (!picture.faults.empty())
        parts << inShort(picture.faults);
    if (picture.state == ReplicaState::draining)
        parts << QObject::tr("draining");
    if (!gone && picture.noticedDown)
        parts << QObject::tr("marked down");
    const QString between = QStringLiteral(" · ");
    const QString answered =
        QObject::tr("%1 answered").arg(asCount(m_lane.result.replicas[index].requests));
    const QString whole = picture.faults.empty() ? (QStringList {answered} + parts).join(between)
                                                 : (parts + QStringList {answered}).join(between);
    const bool fits = parts.isEmpty() || metrics.horizontalAdvance(whole) <= room;
    return fits ? whole : parts.join(between);
}

// A triangle with a mark, on the box's corner: a shape of its own, in ink.
void StagePainter::drawTrouble(const QRectF& box)
{
    const double side = std::clamp(m_geometry.unit() * 1.15, 13.0, 26.0);
    const QPointF centre(box.right() - side * 0.35, box.top() + side * 0.1);
    m_painter.setPen(QPen(m_theme.card, 2.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    m_painter.setBrush(m_theme.ink);
    m_painter.drawPolygon(QPolygonF {{centre.x(), centre.y() - side * 0.55},
                                     {centre.x() + side * 0.62, centre.y() + side * 0.5},
                                     {centre.x() - side * 0.62, centre.y() + side * 0.5}});
    m_painter.setPen(QPen(m_theme.card, side * 0.13, Qt::SolidLine, Qt::RoundCap));
    m_painter.drawLine(QPointF(centre.x(), centre.y() - side * 0.14),
                       QPointF(centre.x(), centre.y() + side * 0.12));
    m_painter.drawPoint(QPointF(centre.x(), centre.y() + side * 0.33));
}

void StagePainter::drawFlight(const Flight& flight)
{
    const auto at = m_geometry.dot(flight, m_now);
    if (!at)
        return;
    const bool back = flight.leg == Flight::Leg::back;
    // On the way back the heart of the dot is the replica that answered.
    const bool another = back && flight.replica != flight.pointsTo;
    const DotLook look {back && flight.failed, flight.pointsTo,
                        another ? flight.replica : noReplica};
    const auto known = m_dots.find(look);
    const QPixmap& dot =
        known != m_dots.end() ? known->second : m_dots.emplace(look, picture(look)).first->second;
    const double half = dot.width() / dot.devicePixelRatio() / 2;
    m_painter.drawPixmap(*at - QPointF(half, half), dot);
    if (!back)
        drawReason(flight, *at);
}

QPixmap StagePainter::picture(const DotLook& look) const
{
    const auto [failed, pointsTo, heart] = look;
    const double radius = m_geometry.dotRadius();
    const double half = std::ceil(radius + 1);
    const double scale = m_painter.device()->devicePixelRatioF();
    QPixmap pixmap(QSizeF(half * 2 * scale, half * 2 * scale).toSize());
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(half, half);
    painter.setPen(QPen(m_theme.ink, 1.6));
    if (failed) {
        painter.setBrush(m_theme.ink);
        painter.drawPolygon(QPolygonF {{0, -radius}, {radius, 0}, {0, radius}, {-radius, 0}});
        return pixmap;
    }
    painter.setBrush(pointsTo != noReplica ? replicaColour(raw(pointsTo)) : m_theme.card);
    painter.drawEllipse(QPointF(), radius, radius);
    if (heart != noReplica) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(replicaColour(raw(heart)));
        painter.drawEllipse(QPointF(), radius * 0.55, radius * 0.55);
    }
    return pixmap;
}

void StagePainter::drawReason(const Flight& flight, const QPointF& at)
{
    // Where dots stand for several requests there are too many for words.
    const bool telling = m_scale.requestsPerDot() == 1 && flight.leg == Flight::Leg::toReplica
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
