// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/stage/dot_scale.h"
#include "ui/stage/stage_geometry.h"
#include "ui/theme/theme.h"

#include <QPen>
#include <QPixmap>
#include <QStringList>

#include <map>
#include <optional>
#include <tuple>
#include <utility>

class QFontMetricsF;
class QPainter;

namespace stickyscope {

/// What is chosen or pointed at on a stage.
struct StageFocus
{
    std::optional<std::size_t> replica;
    std::optional<std::size_t> client;
    std::optional<std::size_t> balancer;
    /// Whose cookies somebody drags, and where they are by now.
    struct Carried
    {
        std::size_t client = 0;
        QPointF where;
    };
    std::optional<Carried> carried;
};

/// What is drawn: a lane, at what moment of the experiment, for how many requests a dot stands, and
/// whether a cache is in front of the balancers.
struct StageMoment
{
    const LaneSnapshot& lane;
    Instant now;
    const DotScale& scale;
    bool cache = false;
};

/// Draws one lane's moving picture: clients with their trails and cookies, requests on their way,
/// the balancers, the replicas.
class StagePainter
{
public:
    StagePainter(QPainter& painter, const Theme& theme, const StageGeometry& geometry,
                 const StageMoment& moment);

    void draw(const StageFocus& focus);

private:
    void drawMore(const QPointF& where, std::size_t hidden);
    void drawLines();
    void drawLinesIn();
    void drawLinesOn();
    void drawConnections();
    void drawTrail(std::size_t client);
    void drawDiamond(const QRectF& box, double half);
    void drawClient(std::size_t client, bool focused);
    void drawClosed(std::size_t client);
    void drawCookies(std::size_t client);
    void drawCarried(std::size_t client, const QPointF& at);
    void drawCookie(const QRectF& room, ReplicaIndex names);
    void drawNamingCookie(const QRectF& box, std::size_t balancer);
    void drawCache();
    void drawBalancer(std::size_t index, bool focused);
    void drawBalancerName(std::size_t index);
    /// Where a balancer's name stands, as wide as it is.
    QRectF nameBox(std::size_t index) const;
    QString balancerName(std::size_t index) const;
    QFont balancerFont() const;
    double leftOfBalancers() const;
    /// Of their names as well.
    double rightOfBalancers() const;
    QColor balancerColour() const;
    void drawReplica(std::size_t index, bool focused);
    void drawTrouble(const QRectF& box);
    QString stateOf(std::size_t index, const QFontMetricsF& metrics, double room) const;
    void drawInService(std::size_t index, const QColor& ink);
    void drawFlight(const Flight& flight);
    /// Whether it failed, the replica that its cookie names, another one that answered.
    using DotLook = std::tuple<bool, ReplicaIndex, ReplicaIndex>;
    QPixmap picture(const DotLook& look) const;
    void drawReason(const Flight& flight, const QPointF& at);
    bool stopped(ReplicaIndex replica) const;
    /// Around what has a replica's colour, where the theme asks for one.
    QPen outline() const;

    QPainter& m_painter;
    const Theme& m_theme;
    const StageGeometry& m_geometry;
    const LaneSnapshot& m_lane;
    Instant m_now;
    const DotScale& m_scale;
    bool m_cache;
    QStringList m_names; ///< short ones, of clients
    std::map<DotLook, QPixmap> m_dots; ///< drawn once: hundreds of dots have few looks
};

} // namespace stickyscope
