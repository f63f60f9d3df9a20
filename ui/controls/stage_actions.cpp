// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/stage_actions.h"

#include "ui/controls/experiment_session.h"
#include "ui/format.h"
#include "ui/scenario_words.h"

#include <QApplication>
#include <QClipboard>
#include <QCursor>
#include <QInputDialog>
#include <QMenu>
#include <QWidget>

namespace stickyscope {

StageActions::StageActions(ExperimentSession& session, QWidget* parent)
    : QObject(parent)
    , m_session(session)
    , m_window(parent)
{
}

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

void StageActions::showClientMenu(ClientIndex client, const QPoint& place)
{
    QMenu menu(m_window);
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
