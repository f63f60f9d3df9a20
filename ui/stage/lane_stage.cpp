// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/lane_stage.h"

#include "sim/experiment/comparison.h"
#include "ui/format.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <utility>

namespace stickyscope {

namespace {

constexpr double padding = 18;

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

void LaneStage::setRemark(const QString& remark)
{
    m_remark = remark;
    update();
}

void LaneStage::setSnapshot(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    updateStory();
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
    setAccessibleDescription(story);
}

StageGeometry LaneStage::geometry() const
{
    const double em = QFontMetricsF(font()).height();
    const QRectF area =
        QRectF(rect()).adjusted(padding, padding + em * 1.9, -padding, -padding - em * 2.5);
    const LaneSnapshot* shown = lane();
    return {area, em, shown ? shown->cast->clients.size() : 0,
            shown ? shown->cast->replicas.size() : 0};
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
    StagePainter(painter, m_theme, places, *shown, m_snapshot->now).draw(m_focus);

    const QFont small = scaledFont(0.92);
    painter.setFont(scaledFont(1.08));
    painter.setPen(m_theme.ink);
    const QRectF words(inner.left(), inner.bottom() - em * 2.5, inner.width(), em * 1.4);
    painter.drawText(
        words, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(painter.font()).elidedText(m_story, Qt::ElideRight, words.width()));
    painter.setFont(small);
    painter.setPen(m_theme.faint);
    const QRectF remark(inner.left(), inner.bottom() - em * 1.2, inner.width(), em * 1.2);
    const QString notice = fromCore(shown->cast->notice);
    const QString text = notice.isEmpty() ? m_remark : m_remark + QLatin1Char(' ') + notice;
    painter.drawText(remark, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(small).elidedText(text, Qt::ElideRight, remark.width()));
}

std::optional<ReplicaState> LaneStage::shownState(std::size_t replica) const
{
    const LaneSnapshot* shown = lane();
    if (!shown || replica >= shown->replicas.size())
        return std::nullopt;
    return shown->replicas[replica].state;
}

QPoint LaneStage::replicaCentre(std::size_t index) const
{
    return geometry().replica(index).center().toPoint();
}

std::optional<std::size_t> LaneStage::replicaAt(const QPointF& position) const
{
    const StageGeometry places = geometry();
    for (std::size_t index = 0; index < places.shownReplicas(); ++index) {
        if (places.replica(index).contains(position))
            return index;
    }
    return std::nullopt;
}

std::optional<std::size_t> LaneStage::clientAt(const QPointF& position) const
{
    const StageGeometry places = geometry();
    for (std::size_t index = 0; index < places.shownClients(); ++index) {
        const QPointF apart = places.client(index) - position;
        if (QPointF::dotProduct(apart, apart) <= places.clientRadius() * places.clientRadius()
            || places.cookie(index).contains(position))
            return index;
    }
    return std::nullopt;
}

void LaneStage::toggle(std::size_t replica)
{
    const LaneSnapshot* shown = lane();
    if (!shown || replica >= shown->replicas.size())
        return;
    const bool running = shown->replicas[replica].state != ReplicaState::stopped;
    emit replicaToggled(static_cast<ReplicaIndex>(replica), !running);
}

void LaneStage::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto replica = replicaAt(event->position()))
        toggle(*replica);
}

void LaneStage::mouseMoveEvent(QMouseEvent* event)
{
    const bool actable = replicaAt(event->position()).has_value();
    setCursor(actable ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void LaneStage::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto client = byKey ? m_focus.client : clientAt(event->pos());
    const auto replica = !byKey ? replicaAt(event->pos())
        : client                ? std::optional<std::size_t>()
                                : std::optional(m_chosen);
    const QPointF centre = client ? geometry().client(*client) : QPointF(replicaCentre(m_chosen));
    const QPoint place = byKey ? mapToGlobal(centre.toPoint()) : event->globalPos();
    if (replica)
        emit replicaMenuAsked(static_cast<ReplicaIndex>(*replica), place);
    else if (client)
        emit clientMenuAsked(static_cast<ClientIndex>(*client), place);
}

// One up or down among the clients; the menu key is then theirs.
void LaneStage::chooseClient(int by)
{
    const auto clients = static_cast<int>(geometry().shownClients());
    if (clients == 0)
        return;
    const int from = m_focus.client ? static_cast<int>(*m_focus.client) : (by > 0 ? -1 : 0);
    m_focus.client = static_cast<std::size_t>((from + by + clients) % clients);
    m_focus.replica.reset();
    update();
}

void LaneStage::keyPressEvent(QKeyEvent* event)
{
    const std::size_t replicas = geometry().shownReplicas();
    if (replicas == 0)
        return QWidget::keyPressEvent(event);
    const bool client = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Down:
        if (client)
            return chooseClient(1);
        m_chosen = (m_chosen + 1) % replicas;
        break;
    case Qt::Key_Up:
        if (client)
            return chooseClient(-1);
        m_chosen = (m_chosen + replicas - 1) % replicas;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Delete:
        return toggle(m_chosen);
    case Qt::Key_F2:
        emit replicaRenameAsked(static_cast<ReplicaIndex>(m_chosen));
        return;
    default:
        return QWidget::keyPressEvent(event);
    }
    m_focus = {.replica = m_chosen};
    update();
}

void LaneStage::focusInEvent(QFocusEvent* event)
{
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        m_focus.replica = m_chosen;
    update();
    QWidget::focusInEvent(event);
}

void LaneStage::focusOutEvent(QFocusEvent* event)
{
    m_focus = {};
    update();
    QWidget::focusOutEvent(event);
}

QString LaneStage::toolTipAt(const QPointF& position) const
{
    const LaneSnapshot* shown = lane();
    if (!shown)
        return {};
    if (const auto replica = replicaAt(position)) {
        const ReplicaResult& row = shown->result.replicas[*replica];
        return tr("%1: answered %2 requests, %3 of all. Click to stop or start it.")
            .arg(fromCore(row.name), asCount(row.requests), asPercent(row.share));
    }
    const auto client = clientAt(position);
    if (!client || *client >= shown->result.clients.size())
        return {};
    QString text = fromCore(storyOf(shown->result, *client));
    if (*client < shown->clients.size() && shown->clients[*client].closed.first != 0) {
        const auto [code, reason] = shown->clients[*client].closed;
        text += tr(" Its last WebSocket closed with %1").arg(code);
        if (raw(reason) < shown->rules.size() && !shown->rules[raw(reason)].empty())
            text += QStringLiteral(" (") + fromCore(shown->rules[raw(reason)]) + QLatin1Char(')');
        text += QLatin1Char('.');
    }
    return text;
}

bool LaneStage::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        // Names may come from outside: shown as they are, never as markup.
        QToolTip::showText(help->globalPos(), toolTipAt(help->pos()).toHtmlEscaped(), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace stickyscope
