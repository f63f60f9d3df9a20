// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <QObject>

class QPoint;
class QWidget;

namespace stickyscope {

class ExperimentSession;

/// What a person does to a replica or client on stage: by click, by key, by menu. In the model it
/// happens; a real replica is its owner's to stop, so there the line for it is offered.
class StageActions : public QObject
{
    Q_OBJECT

public:
    StageActions(ExperimentSession& session, QWidget* parent);

    void toggleReplica(ReplicaIndex replica, bool run);
    void showReplicaMenu(ReplicaIndex replica, const QPoint& place);
    void showClientMenu(ClientIndex client, const QPoint& place);
    void rename(ReplicaIndex replica);

private:
    void showCommandMenu(ReplicaIndex replica, const QPoint& place);

    ExperimentSession& m_session;
    QWidget* m_window; ///< menus and dialogs belong to it
};

} // namespace stickyscope
