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

constexpr double padding = 18;
constexpr double remarkScale = 0.92;

} // namespace

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

void LaneStage::setRemark(const QString& remark)
{
    m_remark = remark;
    update();
}

void LaneStage::setExplains(bool explains)
{
    m_explains = explains;
}

void LaneStage::setSnapshot(std::shared_ptr<const Snapshot> snapshot, const DotScale& scale)
{
    m_snapshot = std::move(snapshot);
    const bool rescaled = scale.requestsPerDot() != m_scale.requestsPerDot();
    m_scale = scale;
    updateStory();
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
    const QString story = client && *client < shown->result.clients.size()
        ? fromCore(storyOf(shown->result, *client))
        : QString();
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
    const double below = em * (1.3 + 1.2 * remarkLines()) + scaleBox().height();
    const QRectF area =
        QRectF(rect()).adjusted(padding, padding + em * 1.9, -padding, -padding - below);
    const LaneSnapshot* shown = lane();
    return {area, em, shown ? *shown->cast : Cast {}};
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
    painter.setFont(scaledFont(1.35, QFont::Bold));
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, m_headline);
    if (!shown)
        return;
    if (shown->result.sessionsLost) {
        painter.setFont(scaledFont(1, QFont::DemiBold));
        painter.drawText(inner.adjusted(0, em * 0.25, 0, 0), Qt::AlignRight | Qt::AlignTop,
                         tr("sessions broken %1").arg(asCount(*shown->result.sessionsLost)));
    }
    const StageGeometry places = geometry();
    StagePainter(painter, m_theme, places, {*shown, m_snapshot->now, m_scale}).draw(m_focus);

    const QFont small = scaledFont(remarkScale);
    painter.setFont(small);
    painter.setPen(m_theme.ink);
    painter.drawText(scaleBox(), Qt::AlignCenter, scaleWords());
    painter.setFont(scaledFont(1.08));
    painter.setPen(m_theme.ink);
    const double below = em * 1.2 * remarkLines();
    const QRectF words(inner.left(), inner.bottom() - below - em * 1.3, inner.width(), em * 1.4);
    painter.drawText(
        words, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(painter.font()).elidedText(m_story, Qt::ElideRight, words.width()));
    painter.setFont(small);
    painter.setPen(m_theme.faint);
    painter.drawText(remarkBox(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, remark());
}

QString LaneStage::remark() const
{
    const LaneSnapshot* shown = lane();
    const QString notice = shown ? fromCore(shown->cast->notice) : QString();
    return notice.isEmpty() ? m_remark : m_remark + QLatin1Char(' ') + notice;
}

// As many lines as it needs, within reason: two on a stage of usual width.
int LaneStage::remarkLines() const
{
    constexpr int most = 3;
    const QFontMetricsF metrics(scaledFont(remarkScale));
    const QRectF room(0, 0, width() - 2 * padding, height());
    const double needed = metrics.boundingRect(room, Qt::TextWordWrap, remark()).height();
    return std::clamp(static_cast<int>(std::lround(needed / metrics.lineSpacing())), 1, most);
}

QString LaneStage::scaleWords() const
{
    const auto requests = m_scale.requestsPerDot();
    return requests == 1 ? QString() : tr("1 dot = %1 requests").arg(asCount(requests));
}

// Above the story, in the middle of the ways.
QRectF LaneStage::scaleBox() const
{
    const QString words = scaleWords();
    if (words.isEmpty())
        return {};
    const QFontMetricsF metrics(scaledFont(remarkScale));
    const double em = QFontMetricsF(font()).height();
    QRectF box(0, 0, metrics.horizontalAdvance(words) + 2, metrics.height());
    box.moveCenter({width() * 0.62, 0});
    box.moveBottom(remarkBox().top() - em * 1.5);
    return box;
}

QString LaneStage::wordsAt(const QPointF& position) const
{
    if (scaleBox().contains(position))
        return tr("So many requests are on their way that one dot in %1 is drawn: the same share "
                  "on every way and in every scene. All figures count each request.")
            .arg(asCount(m_scale.requestsPerDot()));
    const double em = QFontMetricsF(font()).height();
    return position.y() >= remarkBox().top() - em * 1.4 ? m_story + QLatin1Char('\n') + remark()
                                                        : QString();
}

QRectF LaneStage::remarkBox() const
{
    const double em = QFontMetricsF(font()).height();
    const double tall = em * 1.2 * remarkLines();
    return {padding, height() - padding * 0.6 - tall, width() - 2 * padding, tall};
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
    return find(places).toolTipAt(place, m_explains);
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
