// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/lane_stage.h"

#include "sim/experiment/comparison.h"
#include "ui/format.h"

#include <QAccessible>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace stickyscope {

namespace {

constexpr double headlineScale = 1.35;

}

LaneStage::LaneStage(std::size_t lane, QWidget* parent)
    : QWidget(parent)
    , m_lane(lane)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void LaneStage::setTheme(const Theme& theme)
{
    m_theme = theme;
    update();
}

void LaneStage::setHeadline(const QString& headline)
{
    m_headline = headline;
    setAccessibleName(headline);
    update();
}

void LaneStage::setRemark(const QString& remark, const QStringList& beside)
{
    m_remark = remark;
    m_remarks = beside;
    makeRoomForWords();
    update();
}

void LaneStage::setHint(const QString& hint)
{
    if (m_hint == hint)
        return;
    m_hint = hint;
    makeRoomForWords();
    update();
}

void LaneStage::setWordsWidth(int width)
{
    if (m_wordsWidth == width)
        return;
    m_wordsWidth = width;
    makeRoomForWords();
    update();
}

void LaneStage::setCache(const QString& explanation)
{
    m_cache = explanation;
    update();
}

void LaneStage::setSnapshot(std::shared_ptr<const Snapshot> snapshot, const DotScale& scale)
{
    m_snapshot = std::move(snapshot);
    const bool rescaled = scale.requestsPerDot() != m_scale.requestsPerDot();
    m_scale = scale;
    updateStory();
    makeRoomForWords();
    if (rescaled)
        describe();
    update();
}

const LaneSnapshot* LaneStage::lane() const
{
    return m_snapshot && m_lane < m_snapshot->lanes.size() ? &m_snapshot->lanes[m_lane] : nullptr;
}

// The same client's story in every lane: the one that the first lane tells most about.
void LaneStage::updateStory()
{
    const LaneSnapshot* shown = lane();
    if (!shown)
        return;
    const auto client = mostTellingClient(m_snapshot->lanes.front().result);
    m_stories.clear();
    for (const LaneSnapshot& one : m_snapshot->lanes)
        m_stories << (client && *client < one.result.clients.size()
                          ? fromCore(storyOf(one.result, *client))
                          : QString());
    const QString story = m_stories[static_cast<qsizetype>(m_lane)];
    if (story == m_story)
        return;
    m_story = story;
    describe();
}

void LaneStage::describe()
{
    const LaneSnapshot* shown = lane();
    const StageGeometry places = geometry();
    const StageFinder finder = find(places);
    QString chosen;
    if (shown && m_focus.replica && *m_focus.replica < shown->replicas.size())
        chosen = finder.aboutReplica(*m_focus.replica) + QLatin1Char('\n');
    else if (shown && m_focus.client)
        chosen = finder.aboutClient(*m_focus.client) + QLatin1Char('\n');
    else if (shown && m_focus.balancer)
        chosen = finder.aboutBalancer(*m_focus.balancer) + QLatin1Char('\n');
    const QString scale = scaleWords();
    setAccessibleDescription(chosen + m_story
                             + (scale.isEmpty() ? scale : QLatin1Char('\n') + scale));
}

StageGeometry LaneStage::geometry() const
{
    const double em = QFontMetricsF(font()).height();
    const QRectF area = QRectF(rect()).adjusted(padding, padding + abovePicture(), -padding,
                                                -padding - belowPicture());
    const LaneSnapshot* shown = lane();
    if (!shown)
        return {area, em, Cast {}};
    std::vector<const Cast*> beside;
    for (const LaneSnapshot& one : m_snapshot->lanes)
        beside.push_back(one.cast.get());
    return {area, em, *shown->cast, beside};
}

double LaneStage::abovePicture() const
{
    return QFontMetricsF(font()).height() * 1.9;
}

double LaneStage::belowPicture() const
{
    const double em = QFontMetricsF(font()).height();
    return em * (1.4 * m_storyLines + 1.2 * m_remarkLines) + scaleBox().height();
}

int LaneStage::heightFor(std::size_t mostClients, std::size_t mostServers) const
{
    std::size_t clients = 0;
    std::size_t servers = 0;
    for (std::size_t one = 0; m_snapshot && one < m_snapshot->lanes.size(); ++one) {
        const Cast& cast = *m_snapshot->lanes[one].cast;
        clients = std::max(clients, std::min(cast.clients.size(), mostClients));
        servers = std::max(servers, std::min(cast.replicas.size(), mostServers));
    }
    return static_cast<int>(
        std::ceil(2 * padding + abovePicture() + belowPicture()
                  + StageGeometry::heightFor(clients, servers, QFontMetricsF(font()).height())));
}

QString LaneStage::brokenWords() const
{
    const LaneSnapshot* shown = lane();
    return shown && shown->result.sessionsLost
        ? tr("sessions broken %1").arg(asCount(*shown->result.sessionsLost))
        : QString();
}

QString LaneStage::elidedHeadline() const
{
    const QString broken = brokenWords();
    const QFontMetricsF small(scaledFont(1, QFont::DemiBold));
    const double beside =
        broken.isEmpty() ? 0 : small.horizontalAdvance(broken) + QFontMetricsF(font()).height();
    return QFontMetricsF(scaledFont(headlineScale, QFont::Bold))
        .elidedText(m_headline, Qt::ElideRight, width() - 2 * padding - beside);
}

void LaneStage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF card = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(m_theme.border, 1));
    painter.setBrush(m_theme.card);
    painter.drawRoundedRect(card, 8, 8);
    const LaneSnapshot* shown = lane();
    const double em = QFontMetricsF(font()).height();
    const QRectF inner = QRectF(rect()).adjusted(padding, padding * 0.7, -padding, -padding * 0.6);

    painter.setPen(m_theme.ink);
    painter.setFont(scaledFont(headlineScale, QFont::Bold));
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, elidedHeadline());
    painter.setFont(scaledFont(1, QFont::DemiBold));
    painter.drawText(inner.adjusted(0, em * 0.25, 0, 0), Qt::AlignRight | Qt::AlignTop,
                     brokenWords());
    if (!shown)
        return;
    const StageGeometry places = geometry();
    StagePainter(painter, m_theme, places, {*shown, m_snapshot->now, m_scale, !m_cache.isEmpty()})
        .draw(m_focus);

    paintWords(painter);
}

QSize LaneStage::minimumSizeHint() const
{
    // A few clients and servers, whatever the size of the letters.
    return {330, static_cast<int>(QFontMetricsF(font()).height() * 14)};
}

std::optional<ReplicaState> LaneStage::shownState(std::size_t replica) const
{
    const LaneSnapshot* shown = lane();
    if (!shown || replica >= shown->replicas.size())
        return std::nullopt;
    return shown->replicas[replica].state;
}

QPoint LaneStage::newestAnswer(std::size_t client) const
{
    return geometry().trailCell(client, 0).center().toPoint();
}

std::optional<QPoint> LaneStage::dotOf(ClientIndex client) const
{
    const LaneSnapshot* shown = lane();
    if (!shown)
        return std::nullopt;
    for (const Flight& flight : shown->flights) {
        const auto dot = geometry().dot(flight, m_snapshot->now);
        if (dot && flight.client == client && m_scale.draws(client, flight.ordinal))
            return dot->toPoint();
    }
    return std::nullopt;
}

QPoint LaneStage::replicaCentre(std::size_t index) const
{
    return geometry().replica(index).center().toPoint();
}

QPoint LaneStage::balancerCentre(std::size_t index) const
{
    return geometry().balancer(index).center().toPoint();
}

QPoint LaneStage::cacheCentre() const
{
    return geometry().cache().center().toPoint();
}

std::vector<QRectF> LaneStage::balancerBoxes() const
{
    const StageGeometry places = geometry();
    std::vector<QRectF> boxes = places.balancers();
    std::erase_if(boxes, [](const QRectF& box) { return box.isNull(); });
    return boxes;
}

QString LaneStage::toolTipAt(const QPoint& place) const
{
    const StageGeometry places = geometry();
    if (!m_cache.isEmpty() && places.cache().contains(place))
        return m_cache;
    const QString text = find(places).toolTipAt(place);
    return text.isEmpty() ? wordsAt(place) : text;
}

std::size_t LaneStage::shownFaults(std::size_t replica) const
{
    const LaneSnapshot* shown = lane();
    return shown && replica < shown->replicas.size() ? shown->replicas[replica].faults.size() : 0;
}

QPoint LaneStage::cookieCentre(std::size_t client) const
{
    return geometry().cookie(client).center().toPoint();
}

QPoint LaneStage::clientCentre(std::size_t index) const
{
    return geometry().client(index).toPoint();
}

} // namespace stickyscope
