// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/stage_actions.h"

#include "ui/controls/experiment_session.h"
#include "ui/controls/stage_menus.h"
#include "ui/controls/weight_menu.h"
#include "ui/explain/answer_words.h"
#include "ui/explain/explanation_dialog.h"
#include "ui/format.h"
#include "ui/scenario_words.h"

#include <QApplication>
#include <QClipboard>
#include <QCursor>
#include <QInputDialog>
#include <QMenu>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace stickyscope {

using Kind = Intervention::Kind;

StageActions::StageActions(ExperimentSession& session, QWidget* parent)
    : QObject(parent)
    , m_session(session)
    , m_window(parent)
    , m_explainer(new RequestExplainer(this))
{
    connect(m_explainer, &RequestExplainer::explained, this, [this](const Explanation& found) {
        m_explanation->showExplanation(found, *m_explained);
    });
    connect(m_explainer, &RequestExplainer::failed, this,
            [this](const QString& why) { m_explanation->showFailure(why); });
}

StageActions::~StageActions() = default;

AskFor StageActions::asking()
{
    return [session = &m_session](const Intervention& what) { session->apply(what); };
}

// Shown at the object; it ends with its closing.
QMenu* StageActions::makeMenu(const char* name, const QString& of)
{
    auto* menu = new QMenu(m_window);
    menu->setObjectName(QLatin1String(name));
    menu->setAccessibleName(tr("What can be done with %1").arg(of));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    return menu;
}

void StageActions::toggleReplica(ReplicaIndex replica, bool run)
{
    const auto snapshot = m_session.snapshot();
    const Intervention what {.kind = run ? Kind::startReplica : Kind::stopReplica,
                             .replica = replica};
    if (snapshot->lanes.front().can.contains(what.kind))
        m_session.apply(what);
    else if (snapshot->lanes.front().cast->replicasElsewhere)
        showReplicaMenu(replica, QCursor::pos());
}

void StageActions::showReplicaMenu(ReplicaIndex replica, const QPoint& place)
{
    const auto snapshot = m_session.snapshot();
    const LaneSnapshot& lane = snapshot->lanes.front();
    if (raw(replica) >= lane.replicas.size())
        return;
    const QString name = fromCore(lane.cast->replicas[raw(replica)]);
    QMenu* menu = makeMenu("replica-menu", name);
    addReplicaActions(*menu, lane, replica, largestWeight(m_session.scenario()), asking());
    // A real replica is its owner's to stop: here are the lines for it.
    if (lane.cast->replicasElsewhere) {
        for (const QString& line : linesToStop(name))
            menu->addAction(tr("Copy: %1").arg(line), this,
                            [line] { QApplication::clipboard()->setText(line); });
    }
    if (!lane.can.empty()) {
        menu->addSeparator();
        menu->addAction(tr("Rename… (F2)"), this, [this, replica] { rename(replica); });
    }
    addNothing(*menu);
    menu->popup(place);
}

void StageActions::showBalancerMenu(std::size_t balancer, const QPoint& place, LaneIndex of)
{
    const auto snapshot = m_session.snapshot();
    const LaneSnapshot& lane = snapshot->lanes[raw(of)];
    const std::vector<CastBalancer>& all = lane.cast->balancers;
    const bool several = balancer < all.size();
    QMenu* menu =
        makeMenu("balancer-menu", fromCore(several ? all[balancer].name : lane.cast->balancer));
    addBalancerActions(*menu, lane, several ? all[balancer].place : std::uint8_t {0}, asking());
    addNothing(*menu);
    menu->popup(place);
}

// As the stage shows it by now.
std::optional<std::uint32_t> StageActions::lastAnswerOf(LaneIndex lane, ClientIndex client)
{
    const auto snapshot = m_session.snapshot();
    if (raw(lane) >= snapshot->lanes.size())
        return std::nullopt;
    const auto& clients = snapshot->lanes[raw(lane)].clients;
    if (raw(client) >= clients.size() || clients[raw(client)].trail.empty())
        return std::nullopt;
    return clients[raw(client)].trail.back().ordinal;
}

ExplanationDialog& StageActions::explanation()
{
    if (!m_explanation)
        m_explanation = new ExplanationDialog(m_window);
    return *m_explanation;
}

void StageActions::tellOfRecord(LaneIndex lane, ClientIndex client, std::uint32_t ordinal)
{
    const auto snapshot = m_session.snapshot();
    const LaneSnapshot& shown = snapshot->lanes[raw(lane)];
    const auto& trail = shown.clients[raw(client)].trail;
    const auto answer = std::find_if(trail.begin(), trail.end(), [ordinal](const TrailCell& one) {
        return one.ordinal == ordinal;
    });
    const QStringList known = answer == trail.end()
        ? QStringList {tr("It is still on its way: what becomes of it is not known yet.")}
        : aboutAnswer(shown, *answer);
    const Scenario& scenario = m_session.scenario();
    explanation().showRecord(fromCore(shown.cast->clients[raw(client)]), ordinal,
                             headlineOf(scenario, scenario.lanes[raw(lane)]), known);
}

void StageActions::explain(LaneIndex lane, ClientIndex client, std::uint32_t ordinal)
{
    auto run = m_session.modelRun();
    if (!run)
        return tellOfRecord(lane, client, ordinal);
    const auto snapshot = m_session.snapshot();
    explanation();
    m_explained = std::make_unique<ModelRun>(std::move(*run));
    m_explanation->showWaiting(fromCore(snapshot->lanes[raw(lane)].cast->clients[raw(client)]),
                               ordinal);
    m_explainer->explain(*m_explained, lane, {client, ordinal});
}

void StageActions::showClientMenu(ClientIndex client, const QPoint& place, LaneIndex of)
{
    const auto snapshot = m_session.snapshot();
    const LaneSnapshot& lane = snapshot->lanes[raw(of)];
    QMenu* menu = makeMenu("client-menu", fromCore(lane.cast->clients[raw(client)]));
    const auto last = lastAnswerOf(of, client);
    QAction* why = menu->addAction(tr("Explain its last answer (E)"), this,
                                   [this, of, client, last] { explain(of, client, *last); });
    why->setEnabled(last.has_value());
    menu->addSeparator();
    addClientActions(*menu, lane, client, asking());
    menu->popup(place);
}

void StageActions::dropCookie(ClientIndex of, ClientIndex onto)
{
    if (onto == noClient)
        m_session.apply({.kind = Kind::deleteStickyCookie, .client = of});
    else
        m_session.apply({.kind = Kind::swapCookies, .client = of, .from = onto});
}

void StageActions::rename(ReplicaIndex replica)
{
    bool accepted = false;
    const auto snapshot = m_session.snapshot();
    const QString now = fromCore(snapshot->lanes.front().cast->replicas[raw(replica)]);
    const QString name = QInputDialog::getText(m_window, tr("Rename"), tr("Name of the server"),
                                               QLineEdit::Normal, now, &accepted);
    if (accepted)
        m_session.renameReplica(replica, name.trimmed().toStdString());
}

} // namespace stickyscope
