// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys through the real window, as a person makes them.
#include "sim/experiment/comparison.h"
#include "sim/formats/result_json.h"
#include "sim/products/product.h"
#include "sim/record/recording_writer.h"
#include "tests/gui/window_fixture.h"
#include "ui/charts/share_chart.h"
#include "ui/charts/timeline_chart.h"
#include "ui/format.h"
#include "ui/panels/figures_panel.h"
#include "ui/stage/lane_stage.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolTip>

using namespace stickyscope;

class MainWindowTest : public test::WindowFixture
{
    Q_OBJECT

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void movesByItselfAndPausesWithSpace()
    {
        QTRY_VERIFY(snapshot()->now > Instant {});
        QTRY_VERIFY(!snapshot()->lanes[0].flights.empty());
        QTest::keyClick(&window(), Qt::Key_Space);
        QTRY_VERIFY(!session().playing());
        const Instant paused = snapshot()->now;
        session().setSpeed(60);
        click("play");
        QTRY_VERIFY(snapshot()->now > paused);
    }

    void showsTheFiguresOfTheCommandLine()
    {
        runToTheEnd();
        const auto end = snapshot();
        ExperimentResult shown = end->result;
        for (const LaneSnapshot& lane : end->lanes)
            shown.lanes.push_back(lane.result);
        const auto scenario = std::make_shared<Scenario>(test::defaultScenario());
        const ExperimentResult expected = test::run(scenario);
        QCOMPARE(toJson(shown), toJson(expected));
        const QString figures = find<FiguresPanel>("figures")->text();
        QVERIFY2(figures.contains(asPercent(expected.lanes[0].met)), qPrintable(figures));
        QVERIFY2(figures.contains(asPercent(expected.lanes[1].met)), qPrintable(figures));
        QVERIFY2(figures.contains(QStringLiteral("off %1, on %2")
                                      .arg(*expected.lanes[0].sessionsLost)
                                      .arg(*expected.lanes[1].sessionsLost)),
                 qPrintable(figures));
        const auto client = mostTellingClient(expected.lanes[0]);
        QCOMPARE(find<LaneStage>("stage-1")->story(),
                 fromCore(storyOf(expected.lanes[1], *client)));
    }

    void chartsHoldWhatWasAnswered()
    {
        click("door-model");
        runToTheEnd();
        QTRY_VERIFY(find<ShareChart>("share-1")->places() >= 29);
        const auto* chart = find<ShareChart>("share-1");
        double answered = 0;
        for (std::size_t place = 0; place < chart->places(); ++place) {
            for (std::size_t replica = 0; replica < 3; ++replica)
                answered += chart->rateAt(replica, place) * (chart->timeAt(1) - chart->timeAt(0));
        }
        QVERIFY(std::abs(answered - static_cast<double>(snapshot()->lanes[1].result.answered))
                < 1.5);
        // Every client's row ends in the colour of a replica that still runs.
        const QImage image = find<TimelineChart>("timeline-1")->image();
        for (int row = 0; row < 6; ++row) {
            const QColor colour = image.pixelColor(image.width() - 1, row * 5);
            QVERIFY(colour == replicaColour(0) || colour == replicaColour(2));
        }
    }

    void clickStopsAndStartsAReplica()
    {
        auto* stage = find<LaneStage>("stage-0");
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->replicaCentre(0));
        QTRY_COMPARE(snapshot()->lanes[0].replicas[0].state, ReplicaState::stopped);
        QCOMPARE(snapshot()->lanes[1].replicas[0].state, ReplicaState::stopped);
        QTRY_VERIFY(stage->shownState(0) == ReplicaState::stopped);
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->replicaCentre(0));
        QTRY_COMPARE(snapshot()->lanes[0].replicas[0].state, ReplicaState::running);
    }

    void undoTakesBackWhatWasDoneByHandBeforeAnyEdit()
    {
        const auto offers = [this](const char* name) {
            emit find<QPushButton>("menu")->menu()->aboutToShow();
            return find<QAction>(name)->isEnabled();
        };
        QVERIFY(!offers("undo") && !offers("redo"));
        session().setProduct("haproxy");
        auto* stage = find<LaneStage>("stage-0");
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->replicaCentre(0));
        QTRY_COMPARE(snapshot()->lanes[1].replicas[0].state, ReplicaState::stopped);
        QVERIFY(offers("undo"));
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(snapshot()->lanes[1].replicas[0].state, ReplicaState::running);
        QCOMPARE(session().scenario().balancer.product, std::string("haproxy"));
        QVERIFY(offers("redo"));
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(snapshot()->lanes[1].replicas[0].state, ReplicaState::stopped);
        session().undo();
        QTRY_COMPARE(snapshot()->lanes[1].replicas[0].state, ReplicaState::running);
        session().undo();
        QCOMPARE(session().scenario().balancer.product, std::string("traefik"));
        QVERIFY(!offers("undo"));
    }

    void keyboardStopsAReplica()
    {
        auto* stage = find<LaneStage>("stage-1");
        stage->setFocus();
        QTest::keyClick(stage, Qt::Key_Down);
        QTest::keyClick(stage, Qt::Key_Down);
        QTest::keyClick(stage, Qt::Key_Return);
        QTRY_COMPARE(snapshot()->lanes[1].replicas[2].state, ReplicaState::stopped);
    }

    void keyboardReachesTheMenuOfAClient()
    {
        auto* stage = find<LaneStage>("stage-1");
        stage->setFocus();
        QTest::keyClick(stage, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(stage, Qt::Key_Down, Qt::ShiftModifier);
        disconnect(stage, &LaneStage::clientMenuAsked, nullptr, nullptr);
        QSignalSpy spy(stage, &LaneStage::clientMenuAsked);
        QContextMenuEvent menu(QContextMenuEvent::Keyboard, {}, {});
        QApplication::sendEvent(stage, &menu);
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.front().front().value<ClientIndex>(), ClientIndex {1});
    }

    void stickyCookiesAreSwitched()
    {
        click("model");
        click("sticky-on");
        QTRY_COMPARE(snapshot()->lanes.size(), std::size_t {1});
        QVERIFY(snapshot()->lanes[0].result.sticky);
        click("sticky-off");
        QTRY_VERIFY(!snapshot()->lanes[0].result.sticky);
        click("sticky-both");
        QTRY_COMPARE(snapshot()->lanes.size(), std::size_t {2});
        session().undo();
        QTRY_COMPARE(snapshot()->lanes.size(), std::size_t {1});
        session().redo();
        QTRY_COMPARE(snapshot()->lanes.size(), std::size_t {2});
    }

    void productAndAlgorithmAreChosen()
    {
        click("model");
        auto* product = find<QComboBox>("product");
        product->setCurrentIndex(product->findData(QStringLiteral("haproxy")));
        emit product->activated(product->currentIndex());
        QCOMPARE(session().scenario().balancer.product, std::string("haproxy"));
        auto* algorithm = find<QComboBox>("algorithm");
        QCOMPARE(static_cast<std::size_t>(algorithm->count()),
                 findProduct("haproxy")->algorithms.size());
        algorithm->setCurrentIndex(algorithm->findData(QStringLiteral("leastconn")));
        emit algorithm->activated(algorithm->currentIndex());
        QCOMPARE(session().scenario().balancer.algorithm, std::string("leastconn"));
        runToTheEnd();
        QVERIFY(*snapshot()->lanes[1].result.stickiness > *snapshot()->lanes[0].result.stickiness);
    }

    void anAlgorithmThatTheVersionLacksIsGreyAndSaysWhy()
    {
        session().setProduct("caddy");
        const auto* algorithm = find<QComboBox>("algorithm");
        const int query = algorithm->findData(QStringLiteral("query"));
        const auto flags = [&] {
            return algorithm->model()->flags(algorithm->model()->index(query, 0));
        };
        QVERIFY(!flags().testFlag(Qt::ItemIsEnabled));
        QVERIFY(
            algorithm->itemData(query, Qt::ToolTipRole).toString().contains(QStringLiteral("2.6")));
        QCOMPARE(algorithm->itemText(query), QStringLiteral("rendezvous hashing · query"));
        // The open list is wide enough for the longest.
        QVERIFY(algorithm->view()->minimumWidth() > algorithm->view()->sizeHintForColumn(0));
        BalancerSpec current = session().scenario().balancer;
        current.settings.set("version", "current");
        QCOMPARE(session().setBalancer(current), std::string());
        QVERIFY(flags().testFlag(Qt::ItemIsEnabled));
    }

    void aProductThatTheScenarioRulesOutSaysWhy()
    {
        session().open(*test::scenarioFrom(R"(
version: 1
duration: 10s
replicas: [{name: a, zone: here}, {name: b, zone: there}]
balancer: {product: envoy, count: 2, zones: [here, there]}
clients: [{name: people, kind: browser, count: 3}]
)"));
        auto* product = find<QComboBox>("product");
        product->setCurrentIndex(product->findData(QStringLiteral("caddy")));
        emit product->activated(product->currentIndex());
        QCOMPARE(product->currentData().toString(), QStringLiteral("envoy"));
        QCOMPARE(session().scenario().balancer.product, std::string("envoy"));
        QCOMPARE(QToolTip::text(), QStringLiteral("Caddy knows no zones."));
    }

    void theTitleNamesTheBalancerThatIsThere()
    {
        const auto* title = find<QLabel>("title");
        QCOMPARE(title->text(), QStringLiteral("Three replicas behind Traefik"));
        session().setProduct("haproxy");
        QCOMPARE(title->text(), QStringLiteral("Three replicas behind HAProxy (changed)"));
        QVERIFY(window().windowTitle().startsWith(title->text()));
        session().undo();
        QCOMPARE(title->text(), QStringLiteral("Three replicas behind Traefik"));
    }

    void aRowOfAnOpenListIsChosenByReturn()
    {
        click("door-model");
        auto* box = find<QComboBox>("product");
        const QString next = box->itemData(box->currentIndex() + 1).toString();
        box->showPopup();
        QTRY_VERIFY(box->view()->isVisible());
        QTest::keyClick(box->view(), Qt::Key_Down);
        QTest::keyClick(box->view(), Qt::Key_Return);
        QTRY_COMPARE(fromCore(session().scenario().balancer.product), next);
        QTRY_VERIFY(!box->view()->isVisible());
    }

    void opensAScenarioAndSaysWhatIsWrongWithAnother()
    {
        QVERIFY(window().openFile(
            QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/websocket-reconnects.sticky.yaml")));
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("WebSockets that come back"));
        QTemporaryDir folder;
        QFile bad(folder.filePath(QStringLiteral("bad.sticky.yaml")));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("version: 1\n<b>colour</b>: red\n");
        bad.close();
        QString said;
        answerMessage(said);
        QVERIFY(!window().openFile(bad.fileName()));
        QVERIFY2(
            said.startsWith(QStringLiteral("bad.sticky.yaml:2:1: unknown key '<b>colour</b>'")),
            qPrintable(said));
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("WebSockets that come back"));
    }

    void asksBeforeItReadsATrace()
    {
        QTemporaryDir folder;
        const auto write = [&folder](const QString& name, const QByteArray& text) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        const QString path = folder.filePath(QStringLiteral("traced.sticky.yaml"));
        write(QStringLiteral("traced.sticky.yaml"),
              "version: 1\nduration: 5s\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n"
              "clients: [{name: x, kind: load, trace: times.txt}]\n");
        write(QStringLiteral("times.txt"), "0.5\n1\n1.5\n");
        QString said;
        answerMessage(said, QMessageBox::No);
        QVERIFY(window().openFile(path));
        QVERIFY2(said.contains(QStringLiteral("times.txt")), qPrintable(said));
        QVERIFY(!session().scenario().clients[0].arrivals);
        answerMessage(said, QMessageBox::Yes);
        QVERIFY(window().openFile(path));
        QCOMPARE(session().scenario().clients[0].arrivals->size(), std::size_t {3});
        runToTheEnd();
        QCOMPARE(snapshot()->lanes[1].result.requests, Count {3});
    }

    void examplesAreOneClickAway()
    {
        QStringList titles;
        QAction* sockets = nullptr;
        for (QAction* action : window().findChildren<QAction*>()) {
            titles << action->text();
            if (action->text() == QLatin1String("WebSockets that come back"))
                sockets = action;
        }
        QVERIFY2(sockets, qPrintable(titles.join(QLatin1Char(','))));
        QVERIFY(titles.contains(QStringLiteral("A server dies behind HAProxy")));
        sockets->trigger();
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("WebSockets that come back"));
    }

    void failuresAreShownBrokenAndMended()
    {
        for (QAction* action : window().findChildren<QAction*>()) {
            if (action->text()
                == QLatin1String("The first requests race, and the last cookie wins"))
                action->trigger();
        }
        const auto& lanes = session().scenario().lanes;
        QCOMPARE(lanes.size(), std::size_t {2});
        QCOMPARE(lanes[1].name, std::string("mended"));
        // Another product counts in both lanes, and the difference between them stays.
        session().setProduct("haproxy");
        QCOMPARE(balancerOf(session().scenario(), session().scenario().lanes[1]).product,
                 std::string("haproxy"));
        QVERIFY(session().scenario().lanes[1].own);
        QCOMPARE(session().scenario().lanes[1].own->clients[0].burst, 1);
        QCOMPARE(session().scenario().clients[0].burst, 6);
    }

    void editsAreKeptAndSavedAndReadAgain()
    {
        session().setProduct("haproxy");
        const Scenario edited = session().scenario();
        closeWindow();
        openWindow();
        QCOMPARE(session().scenario().balancer.product, std::string("traefik"));
        for (QAction* action : window().findChildren<QAction*>()) {
            if (action->text() == QLatin1String("Bring back the edits of last time"))
                action->trigger();
        }
        QVERIFY(session().scenario() == edited);
    }

    void aRecordingIsPlayedAgainWithTheSameFigures()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("run.stickyscope"));
        const auto scenario = std::make_shared<Scenario>(test::defaultScenario());
        auto writer = record::RecordingWriter::create(path.toStdString(),
                                                      {.scenario = *scenario, .world = "virtual"});
        QVERIFY2(writer, writer.error().c_str());
        Experiment experiment =
            makeVirtualExperiment(scenario, {.history = true, .recording = *writer});
        experiment.advance(scenario->duration);
        QCOMPARE((*writer)->finish({}), std::string());
        QVERIFY(window().openFile(path));
        QVERIFY(!session().isModel());
        QVERIFY(session().travels());
        click("model");
        QVERIFY(!find<QComboBox>("product")->isEnabled());
        runToTheEnd();
        const auto expected = experiment.result();
        QCOMPARE(snapshot()->lanes[0].result.requests, expected.lanes[0].requests);
        QCOMPARE(*snapshot()->lanes[1].result.stickiness, *expected.lanes[1].stickiness);
        session().goBack();
        QTRY_COMPARE(snapshot()->now, Instant(std::chrono::seconds(55)));
    }

    void goesBackInTime()
    {
        runToTheEnd();
        const auto whole = snapshot()->lanes[0].result.requests;
        session().goBack();
        QTRY_COMPARE(snapshot()->now, Instant(std::chrono::seconds(55)));
        QVERIFY(snapshot()->lanes[0].result.requests < whole);
        session().play();
        QTRY_VERIFY(snapshot()->finished);
        QCOMPARE(snapshot()->lanes[0].result.requests, whole);
    }

    void replicasAreRenamed()
    {
        session().renameReplica(ReplicaIndex {0}, "anna");
        QTRY_COMPARE(snapshot()->lanes[0].cast->replicas[0], std::string("anna"));
        session().renameReplica(ReplicaIndex {1}, "anna");
        QCOMPARE(session().scenario().replicas[1].name, std::string("server-2"));
    }

    void tabGoesAsOneReads()
    {
        QStringList order;
        QWidget* const first = find<QWidget>("play");
        QWidget* next = first;
        do {
            if (next->isVisible() && next->focusPolicy() & Qt::TabFocus)
                order << next->objectName();
            next = next->nextInFocusChain();
        } while (next != first);
        const QStringList wanted {
            QStringLiteral("play"),     QStringLiteral("speed"),       QStringLiteral("model"),
            QStringLiteral("lab"),      QStringLiteral("service"),     QStringLiteral("menu"),
            QStringLiteral("stage-0"),  QStringLiteral("stage-1"),     QStringLiteral("door-model"),
            QStringLiteral("door-lab"), QStringLiteral("door-service")};
        QVERIFY2(order == wanted, qPrintable(order.join(QLatin1Char(' '))));
    }

    void everyControlHasAName()
    {
        for (const QWidget* widget : window().findChildren<QPushButton*>()) {
            QVERIFY2(!widget->objectName().isEmpty(), qPrintable(widget->accessibleName()));
            QVERIFY(!widget->accessibleName().isEmpty());
        }
    }

    void lightAndDarkReadWell()
    {
        for (const Theme& theme : {Theme::light(), Theme::darkOne()}) {
            QVERIFY(contrast(theme.ink, theme.card) >= 7);
            QVERIFY(contrast(theme.faint, theme.card) >= 4.5);
            QVERIFY(contrast(theme.onButton, theme.button) >= 4.5);
        }
        for (std::size_t replica = 0; replica < 16; ++replica)
            QVERIFY(contrast(inkOn(replicaColour(replica)), replicaColour(replica)) >= 4.5);
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<MainWindowTest>(argc, argv);
}

#include "main_window_test.moc"
