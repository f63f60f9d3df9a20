// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys through the real window, as a person makes them.
#include "ui/main_window.h"

#include "sim/experiment/comparison.h"
#include "sim/formats/result_json.h"
#include "sim/lab/replica_server.h"
#include "tests/support/scenarios.h"
#include "ui/charts/share_chart.h"
#include "ui/charts/timeline_chart.h"
#include "ui/controls/experiment_session.h"
#include "ui/format.h"
#include "ui/panels/figures_panel.h"
#include "ui/service/service_panel.h"
#include "ui/stage/lane_stage.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace stickyscope;

namespace {

Scenario defaultScenario()
{
    return *test::shipped("three-replicas.sticky.yaml");
}

// Closes the next message and keeps what it said.
void answerMessage(QString& said)
{
    QTimer::singleShot(0, qApp, [&said] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (!box)
            return answerMessage(said);
        said = box->text();
        box->accept();
    });
}

} // namespace

class MainWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        QSettings().clear();
        m_window = std::make_unique<MainWindow>(defaultScenario());
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void cleanup() { m_window.reset(); }

    void movesByItselfAndPausesWithSpace()
    {
        QTRY_VERIFY(snapshot()->now > Instant {});
        QTRY_VERIFY(!snapshot()->lanes[0].flights.empty());
        QTest::keyClick(m_window.get(), Qt::Key_Space);
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
        const auto scenario = std::make_shared<Scenario>(defaultScenario());
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

    void keyboardStopsAReplica()
    {
        auto* stage = find<LaneStage>("stage-1");
        stage->setFocus();
        QTest::keyClick(stage, Qt::Key_Down);
        QTest::keyClick(stage, Qt::Key_Down);
        QTest::keyClick(stage, Qt::Key_Return);
        QTRY_COMPARE(snapshot()->lanes[1].replicas[2].state, ReplicaState::stopped);
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
        QCOMPARE(algorithm->count(), 2);
        algorithm->setCurrentIndex(1);
        emit algorithm->activated(1);
        QCOMPARE(session().scenario().balancer.algorithm, std::string("leastconn"));
        runToTheEnd();
        QVERIFY(*snapshot()->lanes[1].result.stickiness > *snapshot()->lanes[0].result.stickiness);
    }

    void opensAScenarioAndSaysWhatIsWrongWithAnother()
    {
        QVERIFY(m_window->openFile(
            QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/websocket-reconnects.sticky.yaml")));
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("WebSockets that come back"));
        QTemporaryDir folder;
        QFile bad(folder.filePath(QStringLiteral("bad.sticky.yaml")));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("version: 1\n<b>colour</b>: red\n");
        bad.close();
        QString said;
        answerMessage(said);
        QVERIFY(!m_window->openFile(bad.fileName()));
        QVERIFY2(
            said.startsWith(QStringLiteral("bad.sticky.yaml:2:1: unknown key '<b>colour</b>'")),
            qPrintable(said));
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("WebSockets that come back"));
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

    void looksAtAServiceAndStops()
    {
        lab::ReplicaServer replica("the-only-one", nullptr);
        QCOMPARE(replica.listen(QHostAddress::LocalHost, 0), std::string());
        int lines = 0;
        replica.setLog([&lines](const std::string&) { ++lines; });
        click("door-service");
        auto* target = find<QLineEdit>("target");
        target->setFocus();
        QTest::keyClicks(target,
                         QStringLiteral("http://127.0.0.1:%1/hostname").arg(replica.port()));
        QCOMPARE(lines, 0); // nothing is sent before one asks for it
        QTest::keyClick(target, Qt::Key_Return);
        auto* verdict = find<QLabel>("verdict");
        QTRY_VERIFY_WITH_TIMEOUT(
            verdict->text().startsWith(QStringLiteral("only one replica seen (the-only-one)")),
            20'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            snapshot()->lanes.size() == 2 && snapshot()->lanes[0].result.answered > 2, 20'000);
        QVERIFY(!snapshot()->lanes[0].result.broken);
        QCOMPARE(snapshot()->lanes[0].result.replicas[0].name, std::string("the-only-one"));
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QTRY_VERIFY(!session().playing());
        // All traffic has ended: what was sent before has been counted, and no more comes.
        const int sent = lines;
        click("model");
        QTRY_COMPARE(find<QLabel>("title")->text(),
                     QStringLiteral("Three replicas behind Traefik"));
        QCOMPARE(lines, sent);
    }

    void aDeadPortSaysWhy()
    {
        click("door-service");
        find<ServicePanel>("service-panel")->setTarget(QStringLiteral("http://127.0.0.1:1/"));
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("verdict")->text().contains(
                                     QStringLiteral("--entrypoints.web.address=:1")),
                                 20'000);
    }

    void requestsThatChangeThingsAreNotRepeated()
    {
        click("door-service");
        find<ServicePanel>("service-panel")
            ->setTarget(QStringLiteral("curl -X DELETE http://127.0.0.1:1/cart"));
        click("look");
        QVERIFY(find<QLabel>("verdict")->text().contains(QStringLiteral("--once")));
    }

    void everyControlHasAName()
    {
        for (const QWidget* widget : m_window->findChildren<QPushButton*>()) {
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

private:
    ExperimentSession& session() { return m_window->session(); }
    std::shared_ptr<const Snapshot> snapshot() { return session().snapshot(); }

    template <typename Widget>
    Widget* find(const char* name)
    {
        auto* widget = m_window->findChild<Widget*>(QString::fromLatin1(name));
        Q_ASSERT(widget);
        return widget;
    }

    void click(const char* name) { QTest::mouseClick(find<QWidget>(name), Qt::LeftButton); }

    void runToTheEnd()
    {
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(snapshot()->finished);
        QTRY_VERIFY(shownNow() == snapshot()->now);
    }

    // What the window has drawn by now, not only what could be asked for.
    Instant shownNow()
    {
        const QString text = find<QLabel>("time")->text();
        return Instant(std::chrono::milliseconds(
            static_cast<int>(text.split(QLatin1Char(' ')).first().toDouble() * 1000)));
    }

    std::unique_ptr<MainWindow> m_window;
};

int main(int argc, char** argv)
{
    QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("stickyscope-test"));
    QApplication::setOrganizationName(QStringLiteral("stickyscope-test"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    MainWindowTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "main_window_test.moc"
