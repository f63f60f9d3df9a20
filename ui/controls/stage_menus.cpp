// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/stage_menus.h"

#include "sim/model/rolling_update.h"
#include "ui/controls/fault_menu.h"
#include "ui/controls/weight_menu.h"
#include "ui/format.h"

#include <QInputDialog>

#include <array>

namespace stickyscope {

namespace {

using Kind = Intervention::Kind;

QAction* add(QMenu& menu, const LaneSnapshot& lane, const QString& words,
             const Intervention& intervention, const AskFor& ask)
{
    if (!lane.can.contains(intervention.kind))
        return nullptr;
    QAction* action = menu.addAction(words, &menu, [ask, intervention] { ask(intervention); });
    action->setObjectName(fromCore(std::string(nameOf(intervention.kind))));
    return action;
}

// Beyond so many clients a list is asked for by a name.
constexpr std::size_t mostInMenu = 24;

// Which other client it is about.
void addOthers(QMenu& menu, const LaneSnapshot& lane, const QString& words,
               const Intervention& intervention, const AskFor& ask)
{
    const std::vector<std::string>& clients = lane.cast->clients;
    if (!lane.can.contains(intervention.kind) || clients.size() < 2)
        return;
    const QString name = fromCore(std::string(nameOf(intervention.kind)));
    if (clients.size() > mostInMenu) {
        QStringList names;
        for (const std::string& client : clients)
            names << fromCore(client);
        QWidget* window = menu.parentWidget();
        menu.addAction(words + QStringLiteral("…"), &menu,
                       [=] {
                           bool accepted = false;
                           const QString chosen = QInputDialog::getItem(
                               window, words, QObject::tr("Client"), names, 0, false, &accepted);
                           Intervention whole = intervention;
                           whole.from = static_cast<ClientIndex>(names.indexOf(chosen));
                           if (accepted && whole.from != whole.client)
                               ask(whole);
                       })
            ->setObjectName(name);
        return;
    }
    QMenu* others = menu.addMenu(words);
    others->setObjectName(name);
    for (std::size_t index = 0; index < clients.size(); ++index) {
        Intervention whole = intervention;
        whole.from = static_cast<ClientIndex>(index);
        if (whole.from != whole.client)
            add(*others, lane, fromCore(clients[index]), whole, ask)
                ->setObjectName(name + QLatin1Char('-') + QString::number(index));
    }
}

} // namespace

void addReplicaActions(QMenu& menu, const LaneSnapshot& lane, ReplicaIndex replica,
                       int largestWeight, const AskFor& ask)
{
    const ReplicaState state = lane.replicas[raw(replica)].state;
    const auto offer = [&](const QString& words, Kind kind, bool enabled) {
        if (QAction* action = add(menu, lane, words, {.kind = kind, .replica = replica}, ask))
            action->setEnabled(enabled);
    };
    offer(QObject::tr("Stop"), Kind::stopReplica, state != ReplicaState::stopped);
    offer(QObject::tr("Start"), Kind::startReplica, state != ReplicaState::running);
    offer(QObject::tr("Drain"), Kind::drainReplica, state == ReplicaState::running);
    offer(QObject::tr("Remove: it stops, and the balancer is told"), Kind::removeReplica,
          state != ReplicaState::stopped);
    addWeightMenu(menu, lane, replica, largestWeight, ask);
    addFaultMenu(menu, lane, replica, ask);
}

void addBalancerActions(QMenu& menu, const LaneSnapshot& lane, std::uint8_t balancer,
                        const AskFor& ask)
{
    const RollingUpdate update {.every = std::chrono::seconds(5)};
    if (QAction* action = add(menu, lane, QObject::tr("Rolling update of all servers"),
                              asIntervention(update), ask))
        action->setToolTip(QObject::tr("One after the other drains, stops, and comes back at its "
                                       "address with an empty memory: the next begins 5 s later"));
    add(menu, lane, QObject::tr("Reload its configuration"),
        {.kind = Kind::reloadBalancer, .balancer = balancer}, ask);
    add(menu, lane, QObject::tr("Restart it"),
        {.kind = Kind::restartBalancer, .balancer = balancer}, ask);
}

void addClientActions(QMenu& menu, const LaneSnapshot& lane, ClientIndex client, const AskFor& ask)
{
    struct Row
    {
        Kind kind;
        QString words;
    };
    const std::array rows {
        Row {Kind::takeCookies, QObject::tr("Take its cookies away")},
        Row {Kind::deleteStickyCookie, QObject::tr("Take the balancer's cookie alone")},
        Row {Kind::tamperCookies, QObject::tr("Tamper with its cookies")},
        Row {Kind::expireCookies, QObject::tr("Let those expire that have an expiry")},
        Row {Kind::closeBrowser, QObject::tr("Close its browser: those without an expiry go")},
    };
    for (const Row& row : rows)
        add(menu, lane, row.words, {.kind = row.kind, .client = client}, ask);
    addOthers(menu, lane, QObject::tr("Give it a copy of the cookies of"),
              {.kind = Kind::shareCookies, .client = client}, ask);
    addOthers(menu, lane, QObject::tr("Swap its sticky cookie with that of"),
              {.kind = Kind::swapCookies, .client = client}, ask);
    menu.addSeparator();
    add(menu, lane, QObject::tr("Cut its connection"),
        {.kind = Kind::cutConnections, .client = client}, ask);
}

void addNothing(QMenu& menu)
{
    if (menu.isEmpty())
        menu.addAction(QObject::tr("Nothing can be changed here"))->setEnabled(false);
}

} // namespace stickyscope
