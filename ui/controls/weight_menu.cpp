// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/weight_menu.h"

#include "sim/products/product.h"
#include "ui/format.h"

#include <QInputDialog>

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

// Shown beside the window: the experiment goes on.
void askForWeight(QWidget* window, const QString& server, int now, int most,
                  const std::function<void(int)>& weigh)
{
    auto* dialog = new QInputDialog(window);
    dialog->setObjectName(QStringLiteral("weight-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QObject::tr("Weight"));
    dialog->setLabelText(QObject::tr("Weight of %1, 0 to %2").arg(server).arg(most));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(0, most);
    dialog->setIntValue(now);
    QObject::connect(dialog, &QInputDialog::intValueSelected, dialog, weigh);
    dialog->open();
}

} // namespace

int largestWeight(const Scenario& scenario)
{
    int most = findProduct(scenario.balancer.product)->largestWeight;
    for (const LaneSpec& lane : scenario.lanes) {
        for (const BalancerSpec& balancer : balancersOf(scenario, lane))
            most = std::min(most, findProduct(balancer.product)->largestWeight);
    }
    return most;
}

void addWeightMenu(QMenu& menu, const LaneSnapshot& lane, ReplicaIndex replica, int most,
                   const AskFor& ask)
{
    const std::optional<int> now = lane.replicas[raw(replica)].weight;
    if (!lane.can.contains(Intervention::Kind::setWeight) || !now)
        return;
    const auto weigh = [ask, replica](int weight) {
        ask({.kind = Intervention::Kind::setWeight, .replica = replica, .amount = weight});
    };
    auto* weights = menu.addMenu(QObject::tr("Weight: %1").arg(*now));
    weights->setObjectName(QStringLiteral("weight-menu"));
    struct Row
    {
        const char* name;
        QString words;
        int weight;
    };
    const std::array rows {
        Row {"weight-nothing", QObject::tr("Nothing: 0"), 0},
        Row {"weight-half", QObject::tr("Half: %1").arg(*now / 2), *now / 2},
        Row {"weight-double", QObject::tr("Double: %1").arg(*now * 2), *now * 2},
    };
    for (const Row& row : rows) {
        QAction* action =
            weights->addAction(row.words, weights, [weigh, weight = row.weight] { weigh(weight); });
        action->setObjectName(QLatin1String(row.name));
        // Half of 1 would be nothing, which is said above.
        action->setEnabled(row.weight != *now && row.weight <= most
                           && (row.weight > 0 || &row == &rows.front()));
    }
    const QString server = fromCore(lane.cast->replicas[raw(replica)]);
    QWidget* window = menu.parentWidget();
    weights
        ->addAction(QObject::tr("Another number…"), weights,
                    [=, weight = *now] { askForWeight(window, server, weight, most, weigh); })
        ->setObjectName(QStringLiteral("weight-own"));
}

} // namespace stickyscope
