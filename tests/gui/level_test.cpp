// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scenes beside each other are to be compared: their rows are level, and fold alike.
#include "tests/gui/window_fixture.h"
#include "ui/charts/chart_card.h"
#include "ui/panels/comparison_view.h"
#include "ui/panels/elided_label.h"
#include "ui/stage/lane_stage.h"
#include "ui/stage/stage_geometry.h"

using namespace stickyscope;

namespace {

// As a real lane has it, at whose balancer others are too.
Cast castOf(int clients, int replicas)
{
    Cast cast;
    for (int client = 0; client < clients; ++client)
        cast.clients.push_back("client-" + std::to_string(client + 1));
    for (int replica = 0; replica < replicas; ++replica)
        cast.replicas.push_back("server-" + std::to_string(replica + 1));
    return cast;
}

} // namespace

class LevelTest : public test::WindowFixture
{
    Q_OBJECT

    const LaneStage& stage(int lane) { return *find<LaneStage>(lane == 0 ? "stage-0" : "stage-1"); }

    // A client's and a server's height, and what is folded.
    void areLevel(const QString& where)
    {
        QVERIFY2(stage(0).hiddenClients() == stage(1).hiddenClients(), qPrintable(where));
        QVERIFY2(stage(0).hiddenReplicas() == stage(1).hiddenReplicas(), qPrintable(where));
        QVERIFY2(stage(0).clientCentre(0).y() == stage(1).clientCentre(0).y(), qPrintable(where));
        QVERIFY2(stage(0).replicaCentre(0).y() == stage(1).replicaCentre(0).y(), qPrintable(where));
    }

private slots:
    void cleanup() { closeWindow(); }

    void oneMoreClientFoldsBothScenesAlike()
    {
        for (const double height : {60.0, 120.0, 200.0, 400.0}) {
            const Cast ours = castOf(8, 3);
            const Cast visited = castOf(11, 3);
            const QRectF area(0, 0, 400, height);
            const StageGeometry left(area, 17, ours, {&ours, &visited});
            const StageGeometry right(area, 17, visited, {&ours, &visited});
            QCOMPARE(left.client(0), right.client(0));
            QCOMPARE(left.shownClients(), std::min<std::size_t>(right.shownClients(), 8));
            QCOMPARE(left.client(left.shownClients() - 1), right.client(left.shownClients() - 1));
            QCOMPARE(left.replica(0), right.replica(0));
            QCOMPARE(left.unit(), right.unit());
        }
    }

    void anotherBalancerInOneSceneMovesTheClientsOfBoth()
    {
        const Cast one = castOf(6, 3);
        Cast two = castOf(6, 3);
        two.balancers = {{.name = "front", .asked = true, .balancers = {1}},
                         {.name = "behind", .place = 1, .replicas = {ReplicaIndex {0}}}};
        const QRectF area(0, 0, 400, 300);
        const StageGeometry left(area, 17, one, {&one, &two});
        const StageGeometry right(area, 17, two, {&one, &two});
        QCOMPARE(left.client(0), right.client(0));
        QVERIFY(StageGeometry(area, 17, one).client(0) != right.client(0));
    }

    // The grid gives an odd pixel to one of them, which may have room for one word more.
    void anOddPixelBreaksNoLineInOneSceneAlone()
    {
        openWindow();
        click("door-model");
        runToTheEnd();
        for (int width = 800; width < 880; ++width) {
            window().resize(width, 480);
            QTRY_COMPARE(window().width(), width);
            QTRY_VERIFY(stage(0).y() == stage(1).y() && stage(0).height() == stage(1).height());
            QCoreApplication::processEvents();
            areLevel(QString::number(width));
        }
    }

    // Charts leave the stages their rows also where the page scrolls.
    void aLowWindowScrollsRatherThanFold()
    {
        openWindow();
        Scenario scenario = test::defaultScenario();
        scenario.clients.front().count = 9;
        session().open(scenario);
        window().resize(853, 480);
        click("door-model");
        runToTheEnd();
        QTRY_COMPARE(stage(0).hiddenClients(), std::size_t {0});
        QCOMPARE(stage(0).hiddenReplicas(), std::size_t {0});
        areLevel(QStringLiteral("low"));
    }

    void aProjectorsLettersFoldNothingWhileThereIsRoom()
    {
        openWindow();
        window().resize(1280, 720);
        click("door-model");
        runToTheEnd();
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(window().isFullScreen());
        window().resize(1280, 720);
        QTRY_COMPARE(window().size(), QSize(1280, 720));
        QTRY_COMPARE(stage(0).hiddenReplicas(), std::size_t {0});
        QTRY_COMPARE(stage(0).hiddenClients(), std::size_t {0});
        areLevel(QStringLiteral("presenter"));
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(!window().isFullScreen());
    }

    void theHintStandsBesideWhatTheBalancerDoes()
    {
        openWindow();
        session().pause();
        auto* view = find<ComparisonView>("lanes");
        for (const int width : {1280, 800}) {
            window().resize(width, 720);
            QTRY_COMPARE(window().width(), width);
            for (const QString& hint : {QString(), tr("Click a server to stop it.")}) {
                view->setHint(hint);
                QVERIFY2(stage(1).shownRemark().contains(tr("sets a cookie with its first answer")),
                         qPrintable(stage(1).shownRemark()));
            }
        }
    }

    // Of a cookie that names a balancer: nearly as large as a client's own name.
    void namesInCookiesAreAsLargeAsTheirRowsAllow()
    {
        Cast cast = castOf(12, 4);
        cast.balancers = {{.name = "front", .cookie = "edge", .asked = true, .balancers = {1}},
                          {.name = "left", .cookie = "inner", .place = 1}};
        const StageGeometry places({0, 0, 580, 240}, 17, cast);
        QVERIFY(places.cookie(0, 0).height() >= places.rowUnit() * 1.3);
        QVERIFY(places.cookie(0, 0).bottom() < places.cookie(1, 0).top());
        QVERIFY(places.cookie(0, 0).width() > 2.2 * places.cookie(0, 0).height());
        QVERIFY(places.cookie(0, 1).height() < places.rowUnit());
    }

    void aChartsTitleGivesUpItsLaneBeforeAnythingIsCut()
    {
        openWindow();
        window().resize(1280, 720);
        Scenario scenario = test::defaultScenario();
        scenario.lanes = {{.name = "with the old balancer as it was before", .sticky = false},
                          {.name = "with the new balancer as it is to be now", .sticky = true}};
        session().open(scenario);
        click("door-model");
        runToTheEnd();
        auto* chart = find<ChartCard>("timeline-0");
        QTRY_COMPARE(chart->shownTitle(), tr("Clients over time"));
        QVERIFY(chart->title().contains(QStringLiteral("as it was before")));
        session().open(test::defaultScenario());
        runToTheEnd();
        QTRY_COMPARE(chart->shownTitle(), chart->title());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<LevelTest>(argc, argv);
}

#include "level_test.moc"
