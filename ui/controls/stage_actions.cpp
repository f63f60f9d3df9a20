// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/stage_actions.h"

#include "ui/controls/experiment_session.h"
#include "ui/explain/explanation_dialog.h"
#include "ui/format.h"
#include "ui/scenario_words.h"

#include <QApplication>
#include <QClipboard>
#include <QCursor>
#include <QInputDialog>
#include <QMenu>
#include <QWidget>

#include <utility>

namespace stickyscope {

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

void StageActions::toggleReplica(ReplicaIndex replica, bool run)
{
    if (m_session.source() == Source::service)
        return showCommandMenu(replica, QCursor::pos());
    m_session.apply(
        {.kind = run ? Intervention::Kind::startReplica : Intervention::Kind::stopReplica,
         .replica = replica});
}

// A real replica is its owner's to stop: here are the lines for it.
void StageActions::showCommandMenu(ReplicaIndex replica, const QPoint& place)
{
    const auto snapshot = m_session.snapshot();
    const QString name = fromCore(snapshot->lanes.front().cast->replicas[raw(replica)]);
    QMenu menu(m_window);
    for (const QString& line : linesToStop(name))
        menu.addAction(tr("Copy: %1").arg(line), this,
                       [line] { QApplication::clipboard()->setText(line); });
    menu.addSeparator();
    menu.addAction(tr("Rename… (F2)"), this, [this, replica] { rename(replica); });
    menu.exec(place);
}

void StageActions::showReplicaMenu(ReplicaIndex replica, const QPoint& place)
{
    if (m_session.source() == Source::service)
        return showCommandMenu(replica, place);
    QMenu menu(m_window);
    const auto ask = [&](const QString& words, Intervention::Kind kind) {
        menu.addAction(words, this, [this, kind, replica] {
            m_session.apply({.kind = kind, .replica = replica});
        });
    };
    ask(tr("Stop"), Intervention::Kind::stopReplica);
    ask(tr("Start"), Intervention::Kind::startReplica);
    ask(tr("Drain"), Intervention::Kind::drainReplica);
    menu.addSeparator();
    menu.addAction(tr("Rename… (F2)"), this, [this, replica] { rename(replica); });
    menu.exec(place);
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

void StageActions::explain(LaneIndex lane, ClientIndex client, std::uint32_t ordinal)
{
    auto run = m_session.modelRun();
    if (!run)
        return;
    const auto snapshot = m_session.snapshot();
    if (!m_explanation)
        m_explanation = new ExplanationDialog(m_window);
    m_explained = std::make_unique<ModelRun>(std::move(*run));
    m_explanation->showWaiting(fromCore(snapshot->lanes[raw(lane)].cast->clients[raw(client)]),
                               ordinal);
    m_explainer->explain(*m_explained, lane, {client, ordinal});
}

void StageActions::showClientMenu(ClientIndex client, const QPoint& place, LaneIndex lane)
{
    QMenu menu(m_window);
    if (m_session.isModel()) {
        const auto last = lastAnswerOf(lane, client);
        QAction* why = menu.addAction(tr("Explain its last answer (E)"), this,
                                      [this, lane, client, last] { explain(lane, client, *last); });
        why->setEnabled(last.has_value());
        menu.addSeparator();
    }
    menu.addAction(tr("Take its cookies away"), this, [this, client] {
        m_session.apply({.kind = Intervention::Kind::takeCookies, .client = client});
    });
    menu.addAction(tr("Cut its connection"), this, [this, client] {
        m_session.apply({.kind = Intervention::Kind::cutConnections, .client = client});
    });
    menu.exec(place);
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
