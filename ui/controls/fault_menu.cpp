// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/fault_menu.h"

#include "ui/controls/fault_dialog.h"
#include "ui/fault_words.h"
#include "ui/format.h"

#include <algorithm>

namespace stickyscope {

namespace {

using Kind = Intervention::Kind;

const Intervention* find(const std::vector<Intervention>& faults, Kind kind)
{
    const auto found = std::find_if(faults.begin(), faults.end(),
                                    [kind](const Intervention& one) { return one.kind == kind; });
    return found == faults.end() ? nullptr : &*found;
}

QString nameFor(const char* prefix, Kind kind)
{
    return QLatin1String(prefix) + fromCore(std::string(nameOf(kind)));
}

// What ends one fault: a server that has crashed has to start.
Intervention ending(Kind fault, ReplicaIndex replica)
{
    if (fault == Kind::crash)
        return {.kind = Kind::startReplica, .replica = replica};
    return endOf(fault, replica);
}

} // namespace

void addFaultMenu(QMenu& menu, const LaneSnapshot& lane, ReplicaIndex replica, const AskFor& ask)
{
    const auto rows = replicaFaults();
    const bool any = std::any_of(rows.begin(), rows.end(), [&](const ReplicaFault& row) {
        return lane.can.contains(row.kind);
    });
    if (!any)
        return;
    const ReplicaPicture& picture = lane.replicas[raw(replica)];
    const QString server = fromCore(lane.cast->replicas[raw(replica)]);
    auto* faults = menu.addMenu(QObject::tr("What goes wrong with it"));
    faults->setObjectName(QStringLiteral("fault-menu"));
    faults->setToolTipsVisible(true);
    // A server that does not run begins anew, without faults.
    faults->setEnabled(picture.state != ReplicaState::stopped || !picture.faults.empty());
    auto* own = new QMenu(QObject::tr("With other figures"), faults);
    for (const ReplicaFault& row : rows) {
        if (!lane.can.contains(row.kind))
            continue;
        const Intervention* active = find(picture.faults, row.kind);
        Intervention fault = active ? *active : suggestedFault(row);
        fault.replica = replica;
        const bool begun = active != nullptr;
        QAction* action = faults->addAction(inWords(fault), faults, [ask, fault, begun] {
            ask(begun ? ending(fault.kind, fault.replica) : fault);
        });
        action->setObjectName(nameFor("fault-", row.kind));
        action->setToolTip(explanationOf(row));
        action->setCheckable(true);
        action->setChecked(begun);
        if (row.settings.empty())
            continue;
        QWidget* window = menu.parentWidget();
        QAction* other =
            own->addAction(titleOf(row) + QStringLiteral("…"), own, [ask, fault, server, window] {
                auto* dialog = new FaultDialog(fault, server, window);
                QObject::connect(dialog, &FaultDialog::faultChosen, dialog, ask);
                dialog->open();
            });
        other->setObjectName(nameFor("figures-", row.kind));
    }
    faults->addSeparator();
    faults->addMenu(own);
    QAction* mend = menu.addAction(QObject::tr("Mend it"), &menu, [ask, replica] {
        ask({.kind = Kind::mend, .replica = replica});
    });
    mend->setObjectName(QStringLiteral("mend"));
    mend->setEnabled(picture.state != ReplicaState::stopped && !picture.faults.empty());
}

} // namespace stickyscope
