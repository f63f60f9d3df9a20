// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several balancers on real sockets: who can balance, what is said of them, and who counted what.
#include "sim/products/product.h"
#include "tests/gui/lab_asking.h"
#include "ui/stage/lane_stage.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTableView>

using namespace stickyscope;

class RealBalancersTest : public test::LabFixture
{
    Q_OBJECT

    QString state() { return find<QLabel>("lab-state")->text(); }

    bool canBeChosen(int row)
    {
        const auto* rows =
            qobject_cast<QStandardItemModel*>(find<QComboBox>("lab-balancer")->model());
        return rows->item(row)->isEnabled();
    }

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void severalBalancersAreOursAndEachCounts()
    {
        session().open(*test::scenarioFrom(R"(
version: 1
title: The shop behind Traefik
duration: 60s
replicas: [{name: a}, {name: b}]
balancer: {product: traefik, servers: [left, right], sticky: {cookie: edge, path: /}}
balancers:
  - {name: left, product: traefik, servers: [a], sticky: {cookie: inner, path: /}}
  - {name: right, product: nginx, servers: [b], sticky: none}
clients: [{name: people, kind: browser, count: 4, think-time: {exponential: 200ms}}]
)"));
        click("door-lab");
        QVERIFY2(state().contains(tr("2 real servers behind 3 balancers that do as Traefik and "
                                     "nginx")),
                 qPrintable(state()));
        // No program can: that is said before anybody chooses one.
        const auto* balancer = find<QComboBox>("lab-balancer");
        QVERIFY(canBeChosen(0));
        for (int row = 1; row < balancer->count(); ++row) {
            QVERIFY2(!canBeChosen(row), qPrintable(balancer->itemText(row)));
            QVERIFY2(balancer->itemData(row, Qt::ToolTipRole)
                         .toString()
                         .contains(tr("everal balancers are for the model and for our own")),
                     qPrintable(balancer->itemData(row, Qt::ToolTipRole).toString()));
        }
        const QString remark = find<LaneStage>("stage-1")->shownRemark();
        QVERIFY2(
            remark.contains(tr("Traefik in front keeps to a server by the cookie “edge”; behind "
                               "it left (Traefik) keeps to a server by the cookie “inner”; "
                               "behind it right (nginx) places each request anew.")),
            qPrintable(remark));
        // Who counted what: a column for each balancer.
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.answered > 8, 20'000);
        click("lab-counts");
        auto* model = find<QTableView>("counts-table")->model();
        QTRY_COMPARE_WITH_TIMEOUT(model->columnCount(), 7, 10'000);
        const QAbstractItemModelTester tester(model);
        QStringList heads;
        for (int column = 3; column < 7; ++column)
            heads << model->headerData(column, Qt::Horizontal).toString();
        QCOMPARE(heads,
                 QStringList({tr("Traefik counted"), tr("left counted"), tr("right counted"),
                              tr("Server logged")}));
        session().pause();
        const auto cell = [&](int row, int column) {
            return model->index(row, column).data().toString();
        };
        // Server a, with sticky cookies, is left's alone.
        QTRY_VERIFY_WITH_TIMEOUT(cell(3, 2).toInt() > 0 && cell(3, 2) == cell(3, 3)
                                     && cell(3, 3) == cell(3, 4) && cell(3, 4) == cell(3, 6),
                                 10'000);
        QCOMPARE(cell(3, 1), QStringLiteral("a"));
        QCOMPARE(cell(3, 5), QStringLiteral("0"));
        const QString said = find<QLabel>("counts-differences")->text();
        QVERIFY2(said.contains(tr("client, balancers and server log name the same server")),
                 qPrintable(said));
    }

    void aProgramsChoiceLeavesTheTitleAlone()
    {
        Scenario scenario = test::defaultScenario();
        scenario.title = "My shop behind Traefik";
        session().open(scenario);
        click("door-lab");
        auto* balancer = find<QComboBox>("lab-balancer");
        const int haproxy = balancer->findText(QStringLiteral("HAProxy itself"));
        QVERIFY(haproxy > 0 && canBeChosen(haproxy));
        balancer->setCurrentIndex(haproxy);
        emit balancer->activated(haproxy);
        QTRY_VERIFY_WITH_TIMEOUT(state().contains(QStringLiteral("HAProxy itself")), 20'000);
        QCOMPARE(session().scenario().title, std::string("My shop behind Traefik"));
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("My shop behind Traefik"));
    }

    void thatOlderOnesDoNotKnowStickyIsSaidOnTheStage()
    {
        Scenario scenario = test::defaultScenario();
        changeProduct(scenario.balancer, *findProduct("nginx"));
        session().open(scenario);
        click("door-lab");
        const QString with = find<LaneStage>("stage-1")->shownRemark();
        QVERIFY2(with.contains(tr("An older nginx than 1.29.6 does not know “sticky”.")),
                 qPrintable(with));
        QVERIFY(!find<LaneStage>("stage-0")->shownRemark().contains(QStringLiteral("1.29.6")));
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<RealBalancersTest>(argc, argv);
}

#include "real_balancers_test.moc"
