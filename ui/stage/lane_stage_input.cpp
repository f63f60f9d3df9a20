// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse and keys do on a stage.
#include "ui/stage/lane_stage.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <utility>

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
    else if (const auto client = movableCookieAt(event->position()))
        m_held = {*client, event->position()};
    else
        explain(finder.requestAt(event->position()));
}

StageFinder LaneStage::find(const StageGeometry& places) const
{
    return {places, lane(), m_snapshot ? m_snapshot->now : Instant {}, m_scale};
}

void LaneStage::explain(const std::optional<RequestOnStage>& request)
{
    if (request)
        emit explanationAsked(static_cast<LaneIndex>(m_lane), request->client, request->ordinal);
}

void LaneStage::mouseMoveEvent(QMouseEvent* event)
{
    if (m_held)
        return carry(event->position());
    const StageGeometry places = geometry();
    const StageFinder finder = find(places);
    if (movableCookieAt(event->position()))
        return setCursor(Qt::OpenHandCursor);
    const bool actable = finder.replicaAt(event->position()) || finder.requestAt(event->position());
    setCursor(actable ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

std::optional<std::size_t> LaneStage::movableCookieAt(const QPointF& position) const
{
    const LaneSnapshot* shown = lane();
    if (!shown || !shown->can.contains(Intervention::Kind::swapCookies))
        return std::nullopt;
    const StageGeometry places = geometry();
    return find(places).cookieAt(position);
}

// The client under it, if any, is where it would go.
void LaneStage::carry(const QPointF& position)
{
    const bool far =
        (position - m_held->second).manhattanLength() >= QApplication::startDragDistance();
    if (!m_focus.carried && !far)
        return;
    setCursor(Qt::ClosedHandCursor);
    const StageGeometry places = geometry();
    m_focus = {.client = find(places).clientAt(position), .carried = {{m_held->first, position}}};
    update();
}

void LaneStage::endCarrying()
{
    m_held.reset();
    if (!std::exchange(m_focus, {}).carried)
        return;
    setCursor(Qt::ArrowCursor);
    update();
}

// On another client, or on nobody; on its own client, or outside, it stays where it was.
void LaneStage::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_held)
        return;
    const bool carried = m_focus.carried && rect().contains(event->position().toPoint());
    const std::size_t of = m_held->first;
    endCarrying();
    if (!carried)
        return;
    const StageGeometry places = geometry();
    const auto onto = find(places).clientAt(event->position());
    if (onto != of)
        emit cookieDropped(static_cast<ClientIndex>(of),
                           onto ? static_cast<ClientIndex>(*onto) : noClient);
}

void LaneStage::contextMenuEvent(QContextMenuEvent* event)
{
    if (!lane() || m_held)
        return;
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const StageGeometry places = geometry();
    StageFocus at = m_focus;
    if (!byKey) {
        const StageFinder finder = find(places);
        at = {finder.replicaAt(event->pos()), finder.clientAt(event->pos()),
              finder.balancerAt(event->pos())};
    } else if (!at.client && !at.balancer && places.shownReplicas() > 0) {
        at.replica = m_chosen;
    }
    const auto place = [&](const QPointF& centre) {
        return byKey ? mapToGlobal(centre.toPoint()) : event->globalPos();
    };
    if (at.client)
        emit clientMenuAsked(static_cast<ClientIndex>(*at.client), place(places.client(*at.client)),
                             static_cast<LaneIndex>(m_lane));
    else if (at.balancer)
        emit balancerMenuAsked(*at.balancer, place(places.balancer(*at.balancer).center()),
                               static_cast<LaneIndex>(m_lane));
    else if (at.replica)
        emit replicaMenuAsked(static_cast<ReplicaIndex>(*at.replica),
                              place(places.replica(*at.replica).center()));
}

// What the keys act on from now on, also for who hears it.
void LaneStage::choose(const StageFocus& focus)
{
    m_focus = focus;
    describe();
    update();
}

// One up or down among the clients; the menu key is then theirs.
void LaneStage::chooseClient(int by)
{
    const auto clients = static_cast<int>(geometry().shownClients());
    if (clients == 0)
        return;
    const int from = m_focus.client ? static_cast<int>(*m_focus.client) : (by > 0 ? -1 : 0);
    choose({.client = static_cast<std::size_t>((from + by + clients) % clients)});
}

// The next one that requests come to.
void LaneStage::chooseBalancer()
{
    const StageGeometry places = geometry();
    const std::size_t count = places.balancers().size();
    if (count == 0)
        return;
    std::size_t next = m_focus.balancer ? *m_focus.balancer + 1 : 0;
    for (std::size_t turn = 0; turn < count && !places.hasBalancer(next % count); ++turn)
        ++next;
    choose({.balancer = next % count});
}

void LaneStage::keyPressEvent(QKeyEvent* event)
{
    const std::size_t replicas = geometry().shownReplicas();
    if (replicas == 0)
        return QWidget::keyPressEvent(event);
    if (m_held && event->key() == Qt::Key_Escape)
        return endCarrying();
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
    case Qt::Key_B:
        return chooseBalancer();
    case Qt::Key_F2:
        emit replicaRenameAsked(static_cast<ReplicaIndex>(m_chosen));
        return;
    default:
        return QWidget::keyPressEvent(event);
    }
    choose({.replica = m_chosen});
}

void LaneStage::focusInEvent(QFocusEvent* event)
{
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        choose({.replica = m_chosen});
    QWidget::focusInEvent(event);
}

void LaneStage::focusOutEvent(QFocusEvent* event)
{
    // With its menu closed, it is still what was chosen.
    if (event->reason() != Qt::PopupFocusReason)
        choose({});
    QWidget::focusOutEvent(event);
}

bool LaneStage::event(QEvent* event)
{
    // While a cookie is held Escape is the stage's: elsewhere it ends all real traffic.
    if (event->type() == QEvent::ShortcutOverride && m_held
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::Resize || event->type() == QEvent::FontChange)
        makeRoomForWords();
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        // Names may come from outside: shown as they are, never as markup.
        const QString lines = toolTipAt(help->pos())
                                  .toHtmlEscaped()
                                  .replace(QLatin1Char('\n'), QLatin1String("<br>"));
        QToolTip::showText(help->globalPos(), lines, this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace stickyscope
