// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse and keys do on a stage.
#include "ui/stage/lane_stage.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

namespace stickyscope {

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
    const StageGeometry places = geometry();
    const StageFinder finder = find(places);
    if (const auto replica = finder.replicaAt(event->position()))
        toggle(*replica);
    else
        explain(finder.requestAt(event->position()));
}

StageFinder LaneStage::find(const StageGeometry& places) const
{
    return {places, lane(), m_snapshot ? m_snapshot->now : Instant {}};
}

void LaneStage::explain(const std::optional<RequestOnStage>& request)
{
    if (m_explains && request)
        emit explanationAsked(static_cast<LaneIndex>(m_lane), request->client, request->ordinal);
}

void LaneStage::mouseMoveEvent(QMouseEvent* event)
{
    const StageGeometry places = geometry();
    const StageFinder finder = find(places);
    const bool actable =
        finder.replicaAt(event->position()) || (m_explains && finder.requestAt(event->position()));
    setCursor(actable ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void LaneStage::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const StageGeometry places = geometry();
    const StageFinder finder = find(places);
    const auto client = byKey ? m_focus.client : finder.clientAt(event->pos());
    const std::size_t nobody = places.shownReplicas();
    const std::size_t replica = byKey ? m_chosen : finder.replicaAt(event->pos()).value_or(nobody);
    const QPointF centre = client ? places.client(*client) : QPointF(replicaCentre(m_chosen));
    const QPoint place = byKey ? mapToGlobal(centre.toPoint()) : event->globalPos();
    if (client)
        emit clientMenuAsked(static_cast<ClientIndex>(*client), place,
                             static_cast<LaneIndex>(m_lane));
    else if (replica < nobody)
        emit replicaMenuAsked(static_cast<ReplicaIndex>(replica), place);
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
    case Qt::Key_E: {
        const StageGeometry places = geometry();
        return explain(find(places).lastAnswerOf(m_focus.client.value_or(0)));
    }
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

bool LaneStage::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        // Names may come from outside: shown as they are, never as markup.
        const StageGeometry places = geometry();
        QString text = find(places).toolTipAt(help->pos(), m_explains);
        if (text.isEmpty())
            text = wordsAt(help->pos());
        const QString lines =
            text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"));
        QToolTip::showText(help->globalPos(), lines, this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace stickyscope
