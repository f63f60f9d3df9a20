// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is done on a stage: menus at servers, balancers and clients, by mouse and by key; and what
// is seen there of faults and of several balancers.
#include "sim/model/replica_faults.h"
#include "sim/record/recording_writer.h"
#include "tests/gui/window_fixture.h"
#include "ui/fault_words.h"
#include "ui/format.h"
#include "ui/stage/balancer_layout.h"
#include "ui/stage/lane_stage.h"

#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QInputDialog>
#include <QMenu>
#include <QPushButton>

#include <algorithm>
#include <set>

using namespace stickyscope;
using namespace std::chrono_literals;

using Kind = Intervention::Kind;

class StageTest : public test::WindowFixture
{
    Q_OBJECT

private:
    LaneStage& stage() { return *find<LaneStage>("stage-1"); }
    const ReplicaPicture& server(std::size_t index) // of what was shown last
    {
        m_shown = snapshot();
        return m_shown->lanes[1].replicas[index];
    }

    // Whom the client's sticky cookie names.
    ReplicaIndex cookie(std::size_t client)
    {
        const auto shown = snapshot();
        return shown->lanes[1].clients.size() > client ? shown->lanes[1].clients[client].cookie
                                                       : noReplica;
    }

    // As the right button or the menu key asks.
    void askForMenu(QContextMenuEvent::Reason reason, const QPoint& place)
    {
        QContextMenuEvent event(reason, place, stage().mapToGlobal(place));
        QApplication::sendEvent(&stage(), &event);
    }
    // A menu is gone with its choice; the next one has the same name.
    void choose(const char* menu, const char* action)
    {
        auto* shown = find<QMenu>(menu);
        auto* found = shown->findChild<QAction*>(QString::fromLatin1(action));
        QVERIFY2(found, action);
        QVERIFY2(found->isEnabled(), action);
        found->trigger();
        shown->close();
        QTRY_VERIFY(!window().findChild<QMenu*>(QString::fromLatin1(menu)));
    }
    QStringList offered(const char* menu)
    {
        QStringList names;
        for (const QAction* action : find<QMenu>(menu)->findChildren<QAction*>()) {
            if (!action->objectName().isEmpty())
                names << action->objectName();
        }
        return names;
    }
    void chooseAtServer(const char* action)
    {
        askForMenu(QContextMenuEvent::Mouse, stage().replicaCentre(0));
        choose("replica-menu", action);
    }
    bool has(Kind kind)
    {
        for (const Intervention& fault : server(0).faults) {
            if (fault.kind == kind)
                return true;
        }
        return false;
    }

    static void layoutIsApart(const BalancerLayout& layout, const BalancerLayout::Room& room)
    {
        std::vector<QRectF> whole;
        for (std::size_t place = 0; place < layout.boxes.size(); ++place) {
            const QRectF& box = layout.boxes[place];
            QVERIFY(box.width() >= 6);
            const auto [left, right] = layout.labelRooms[place];
            // What it labels is above it.
            QVERIFY(left <= box.center().x() && box.center().x() <= right);
            const QRectF label(left, box.bottom(), right - left, 3 + layout.labelLines * room.line);
            whole.push_back(box.united(label));
            QVERIFY(room.area.contains(whole.back()));
        }
        for (std::size_t one = 0; one < whole.size(); ++one) {
            for (std::size_t other = one + 1; other < whole.size(); ++other)
                QVERIFY(!whole[one].intersects(whole[other]));
        }
    }

    std::shared_ptr<const Snapshot> m_shown;

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void everyFaultOfTheTableIsBegunAndMendedAtTheServer()
    {
        session().pause();
        for (const ReplicaFault& row : replicaFaults()) {
            if (row.kind == Kind::crash)
                continue;
            const QByteArray name = "fault-" + QByteArray(nameOf(row.kind).data());
            chooseAtServer(name.constData());
            QTRY_VERIFY2(has(row.kind), name.constData());
            Intervention suggested = suggestedFault(row);
            suggested.replica = ReplicaIndex {0};
            QVERIFY(server(0).faults.back() == suggested);
            QTRY_VERIFY(stage().shownFaults(0) == 1);
            chooseAtServer(name.constData());
            QTRY_VERIFY2(!has(row.kind), name.constData());
        }
    }

    void whatHasCrashedStartsByItselfOrByHand()
    {
        session().pause();
        chooseAtServer("fault-crash");
        QTRY_VERIFY(has(Kind::crash));
        QCOMPARE(server(0).state, ReplicaState::stopped);
        chooseAtServer("fault-crash");
        QTRY_VERIFY(!has(Kind::crash));
        QCOMPARE(server(0).state, ReplicaState::running);
        chooseAtServer("fault-crash");
        QTRY_VERIFY(has(Kind::crash));
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_COMPARE(server(0).state, ReplicaState::running);
        QVERIFY(!has(Kind::crash));
    }

    void aFaultWithFiguresOfOnesOwnIsSaidInWords()
    {
        session().pause();
        askForMenu(QContextMenuEvent::Mouse, stage().replicaCentre(0));
        choose("replica-menu", "figures-errors");
        auto* dialog = find<QDialog>("fault-dialog");
        for (const QDoubleSpinBox* field : dialog->findChildren<QDoubleSpinBox*>())
            QVERIFY(!field->accessibleName().isEmpty());
        dialog->findChild<QDoubleSpinBox*>(QStringLiteral("fault-share"))->setValue(25);
        dialog->findChild<QDoubleSpinBox*>(QStringLiteral("fault-status"))->setValue(503);
        dialog->findChild<QDoubleSpinBox*>(QStringLiteral("fault-for"))->setValue(20);
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
        QTRY_VERIFY(has(Kind::errors));
        const Intervention fault = server(0).faults.front();
        QCOMPARE(fault.amount, std::int64_t {250'000});
        QCOMPARE(fault.status, std::uint16_t {503});
        QVERIFY(fault.lasts == 20s);
        const QString words = QStringLiteral("Error answers: share 25 %, status 503, for 20 s");
        QCOMPARE(inWords(fault), words);
        QTRY_VERIFY2(stage().toolTipAt(stage().replicaCentre(0)).contains(words),
                     qPrintable(stage().toolTipAt(stage().replicaCentre(0))));
    }

    void faultsAreThereAgainAfterGoingBackAndOn()
    {
        session().setSpeed(Runner::asFastAsPossible);
        session().pause();
        chooseAtServer("fault-latency");
        QTRY_VERIFY(has(Kind::latency));
        const Intervention begun = server(0).faults.front();
        runToTheEnd();
        const auto requests = snapshot()->lanes[1].result.requests;
        session().goBack();
        QTRY_COMPARE(snapshot()->now, Instant(55s));
        QVERIFY(server(0).faults.front() == begun);
        session().play();
        QTRY_VERIFY(snapshot()->finished);
        QCOMPARE(snapshot()->lanes[1].result.requests, requests);
    }

    void theMenuKeyReachesServersClientsAndTheBalancer()
    {
        session().pause();
        stage().setFocus();
        QTest::keyClick(&stage(), Qt::Key_Down);
        QVERIFY(stage().accessibleDescription().startsWith(QStringLiteral("server-2")));
        askForMenu(QContextMenuEvent::Keyboard, {});
        QCOMPARE(find<QMenu>("replica-menu")->accessibleName(),
                 QStringLiteral("What can be done with server-2"));
        choose("replica-menu", "drain");
        QTRY_COMPARE(server(1).state, ReplicaState::draining);
        stage().setFocus();
        QTest::keyClick(&stage(), Qt::Key_B);
        QVERIFY(stage().accessibleDescription().startsWith(QStringLiteral("Traefik")));
        askForMenu(QContextMenuEvent::Keyboard, {});
        QCOMPARE(offered("balancer-menu"),
                 QStringList({QStringLiteral("rolling-update"), QStringLiteral("reload"),
                              QStringLiteral("restart")}));
        choose("balancer-menu", "restart");
        QTest::keyClick(&stage(), Qt::Key_Down, Qt::ShiftModifier);
        askForMenu(QContextMenuEvent::Keyboard, {});
        QVERIFY(offered("client-menu").contains(QStringLiteral("tamper-cookies")));
        choose("client-menu", "take-cookies");
    }

    void aServersWeightIsChangedInItsMenu()
    {
        session().setProduct("haproxy"); // Traefik's servers may weigh 1000, HAProxy's 256
        session().pause();
        const auto weight = [this] { return server(0).weight.value_or(-1); };
        QTRY_COMPARE(weight(), 1);
        askForMenu(QContextMenuEvent::Mouse, stage().replicaCentre(0));
        QVERIFY(!find<QMenu>("replica-menu")
                     ->findChild<QAction*>(QStringLiteral("weight-half"))
                     ->isEnabled());
        choose("replica-menu", "weight-double");
        QTRY_COMPARE(weight(), 2);
        chooseAtServer("weight-half");
        QTRY_COMPARE(weight(), 1);
        chooseAtServer("weight-nothing");
        QTRY_COMPARE(weight(), 0);
        askForMenu(QContextMenuEvent::Mouse, stage().replicaCentre(0));
        QVERIFY(!find<QMenu>("replica-menu")
                     ->findChild<QAction*>(QStringLiteral("weight-double"))
                     ->isEnabled());
        choose("replica-menu", "weight-own");
        auto* dialog = find<QInputDialog>("weight-dialog");
        QVERIFY(dialog);
        QCOMPARE(dialog->intValue(), 0);
        QCOMPARE(dialog->intMaximum(), 256);
        dialog->setIntValue(7);
        dialog->accept();
        QTRY_COMPARE(weight(), 7);
        // Nobody is sent there any more who is new.
        chooseAtServer("weight-nothing");
        QTRY_COMPARE(weight(), 0);
    }

    void picturesBesideEachOtherAreLevel()
    {
        QVERIFY(window().openFile(QStringLiteral(
            STICKYSCOPE_RESOURCES "/scenarios/failures/secure-cookie-on-plain-http.sticky.yaml")));
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(snapshot()->now > Instant(20s));
        session().pause();
        const auto* left = find<LaneStage>("stage-0");
        const auto* right = find<LaneStage>("stage-1");
        // What is said below one is longer than below the other one.
        QTRY_VERIFY(left->story().size() > right->story().size());
        for (int width = 1300; width >= 800; width -= 20) {
            window().resize(width, 700);
            QTRY_COMPARE(left->width(), right->width());
            QCOMPARE(left->replicaCentre(2), right->replicaCentre(2));
        }
        QVERIFY(left->toolTipAt({40, left->height() - 20})
                    .contains(QStringLiteral("No client keeps the cookie.")));
        QVERIFY(!right->toolTipAt({40, right->height() - 20})
                     .contains(QStringLiteral("No client keeps the cookie.")));
    }

    void aRollingUpdateIsAskedForAtTheBalancer()
    {
        session().pause();
        session().reset();
        QTRY_COMPARE(snapshot()->now, Instant {});
        askForMenu(QContextMenuEvent::Mouse, stage().balancerCentre());
        choose("balancer-menu", "rolling-update");
        QTRY_VERIFY(!snapshot()->lanes[1].marks.empty());
        QCOMPARE(snapshot()->lanes[1].marks.front().text, std::string("rolling update"));
        session().setSpeed(100);
        session().play();
        // One after the other, every ten seconds. The second one is stopped by the scenario later.
        QTRY_VERIFY(snapshot()->now > Instant(30s));
        const auto shown = snapshot();
        for (const std::size_t place : {0, 2})
            QCOMPARE(shown->lanes[1].replicas[place].state, ReplicaState::running);
        // What the update does to each of them is that one mark.
        for (const auto& mark : shown->lanes[1].marks)
            QVERIFY2(mark.text.find("started") == std::string::npos
                         && mark.text.find("draining") == std::string::npos,
                     mark.text.c_str());
    }

    void aBalancersMenuRestartsIt()
    {
        // Connections that are open end with it.
        QVERIFY(window().openFile(
            QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/websocket-reconnects.sticky.yaml")));
        session().setSpeed(20);
        session().play();
        const auto open = [this] {
            const auto shown = snapshot(); // held while it is read
            std::uint32_t count = 0;
            for (const ReplicaPicture& one : shown->lanes[1].replicas)
                count += one.openConnections;
            return count;
        };
        QTRY_VERIFY(snapshot()->lanes.size() == 2 && open() > 1);
        session().pause();
        askForMenu(QContextMenuEvent::Mouse, stage().balancerCentre());
        choose("balancer-menu", "restart");
        QTRY_COMPARE(open(), 0U);
    }

    void whatBefallsACookieIsSeenAtOnce()
    {
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(cookie(0) != noReplica && cookie(1) != noReplica && cookie(2) != noReplica);
        session().pause();
        session().goBack(); // to a moment that stays
        QTRY_VERIFY(!snapshot()->finished);
        QTRY_VERIFY(cookie(0) != noReplica && cookie(1) != noReplica);
        const auto chooseAtClient = [this](std::size_t client, const char* action) {
            askForMenu(QContextMenuEvent::Mouse, stage().clientCentre(client));
            choose("client-menu", action);
        };
        chooseAtClient(0, "take-cookies");
        QTRY_VERIFY(cookie(0) == noReplica);
        QVERIFY(cookie(1) != noReplica);
        chooseAtClient(0, "share-cookies-1");
        QTRY_VERIFY(cookie(0) != noReplica);
        QVERIFY(cookie(0) == cookie(1));
        chooseAtClient(1, "tamper-cookies");
        QTRY_VERIFY(cookie(1) == noReplica);
        chooseAtClient(0, "delete-sticky-cookie");
        QTRY_VERIFY(cookie(0) == noReplica);
    }

    // The same by menu, which the menu key opens, as by dragging; and off with it.
    void aCookieIsSwappedOrDraggedOff()
    {
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(snapshot()->finished);
        session().goBack(); // to a moment that stays
        QTRY_VERIFY(!snapshot()->finished);
        std::size_t other = 1;
        QTRY_VERIFY(cookie(0) != noReplica);
        while (other < 6 && (cookie(other) == cookie(0) || cookie(other) == noReplica))
            ++other;
        QVERIFY(other < 6);
        const ReplicaIndex first = cookie(0);
        const ReplicaIndex second = cookie(other);
        const auto are = [&](ReplicaIndex one, ReplicaIndex two) {
            return cookie(0) == one && cookie(other) == two;
        };
        const auto drag = [this](const QPoint& from, const QPoint& to) {
            QTest::mousePress(&stage(), Qt::LeftButton, {}, from);
            QTest::mouseMove(&stage(), (from + to) / 2);
            QTest::mouseMove(&stage(), to);
        };
        // What is drawn is what can be taken hold of.
        QTRY_VERIFY(stage().toolTipAt(stage().cookieCentre(0)).contains(QStringLiteral("Drag")));
        QTest::mouseMove(&stage(), stage().cookieCentre(0));
        QTRY_COMPARE(stage().cursor().shape(), Qt::OpenHandCursor);

        drag(stage().cookieCentre(0), stage().clientCentre(other));
        QCOMPARE(stage().cursor().shape(), Qt::ClosedHandCursor);
        QTest::mouseRelease(&stage(), Qt::LeftButton, {}, stage().clientCentre(other));
        QTRY_VERIFY(are(second, first));
        askForMenu(QContextMenuEvent::Mouse, stage().clientCentre(0));
        choose("client-menu", qPrintable(QStringLiteral("swap-cookies-%1").arg(other)));
        QTRY_VERIFY(are(first, second));

        // Nothing comes of a click, of letting go at home, outside, or with Escape.
        const QPoint nobody(stage().cookieCentre(0).x() + 60, 8);
        stage().setFocus();
        QTest::mouseClick(&stage(), Qt::LeftButton, {}, stage().cookieCentre(0));
        drag(stage().cookieCentre(0), stage().clientCentre(0));
        QTest::mouseRelease(&stage(), Qt::LeftButton, {}, stage().clientCentre(0));
        drag(stage().cookieCentre(0), {-20, -20});
        QTest::mouseRelease(&stage(), Qt::LeftButton, {}, {-20, -20});
        drag(stage().cookieCentre(0), nobody);
        QTest::keyClick(&stage(), Qt::Key_Escape);
        QTest::mouseRelease(&stage(), Qt::LeftButton, {}, nobody);
        // Whatever came of it would have come before this.
        askForMenu(QContextMenuEvent::Mouse, stage().clientCentre(0));
        choose("client-menu", qPrintable(QStringLiteral("swap-cookies-%1").arg(other)));
        QTRY_VERIFY(are(second, first));

        drag(stage().cookieCentre(0), nobody);
        QTest::mouseRelease(&stage(), Qt::LeftButton, {}, nobody);
        QTRY_VERIFY(are(noReplica, first));
    }

    void aRecordingOffersNothingAndShowsTheRoutesOfTheRun()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("run.stickyscope"));
        const auto scenario = std::make_shared<Scenario>(
            *test::shipped("failures/only-one-level-is-sticky.sticky.yaml"));
        auto writer = record::RecordingWriter::create(path.toStdString(),
                                                      {.scenario = *scenario, .world = "virtual"});
        QVERIFY2(writer, writer.error().c_str());
        Experiment experiment =
            makeVirtualExperiment(scenario, {.history = true, .recording = *writer});
        experiment.advance(30s);
        const auto run = experiment.snapshot();
        QCOMPARE((*writer)->finish({}), std::string());
        QVERIFY(window().openFile(path));
        runToTheEnd();
        const LaneSnapshot& expected = run->lanes[1];
        const auto played = snapshot();
        QVERIFY(played->lanes[1].cast->balancers == expected.cast->balancers);
        for (std::size_t client = 0; client < expected.clients.size(); ++client)
            QVERIFY(played->lanes[1].clients[client].via == expected.clients[client].via);
        askForMenu(QContextMenuEvent::Mouse, stage().replicaCentre(0));
        QVERIFY(offered("replica-menu").isEmpty());
        find<QMenu>("replica-menu")->close();
        // Nor does a click.
        QTest::mouseClick(&stage(), Qt::LeftButton, {}, stage().replicaCentre(0));
        QVERIFY(server(0).state == ReplicaState::running);
    }

    void severalBalancersStandApartWithTheirNames_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("lane");
        QTest::addColumn<int>("shown");
        const auto row = [](const char* file, int lane, int shown) {
            QTest::addRow("%s %d", file, lane) << QString::fromLatin1(file) << lane << shown;
        };
        row("canary-users-hop", 0, 3);
        row("two-layers-one-cookie-name", 1, 3);
        row("two-applications-one-cookie-name", 0, 2);
        row("a-second-balancer-behind-the-address", 0, 2);
        // Nobody goes to the second one any more.
        row("a-second-balancer-behind-the-address", 1, 1);
        row("two-balancers-with-tables-of-their-own", 0, 2);
    }

    void aCacheInFrontIsSeenAndSaysWhatItDoes()
    {
        QVERIFY(window().openFile(QStringLiteral(
            STICKYSCOPE_RESOURCES "/scenarios/failures/a-cdn-strips-the-cookie.sticky.yaml")));
        const auto* broken = find<LaneStage>("stage-0");
        const QPoint cache = broken->cacheCentre();
        QVERIFY(cache.x() > broken->clientCentre(0).x());
        QVERIFY(cache.x() < broken->balancerCentre().x());
        QVERIFY2(broken->toolTipAt(cache).contains(QStringLiteral("takes each cookie out")),
                 qPrintable(broken->toolTipAt(cache)));
        // The other lane has none.
        const auto* mended = find<LaneStage>("stage-1");
        QVERIFY(!mended->toolTipAt(mended->cacheCentre()).contains(QStringLiteral("cache")));
    }

    void severalBalancersStandApartWithTheirNames()
    {
        QFETCH(QString, file);
        QFETCH(int, lane);
        QFETCH(int, shown);
        QVERIFY(window().openFile(QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/failures/")
                                  + file + QStringLiteral(".sticky.yaml")));
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(snapshot()->lanes.size() == 2 && snapshot()->now > Instant(5s));
        session().pause();
        auto* of = find<LaneStage>(lane == 0 ? "stage-0" : "stage-1");
        for (const QSize size : {QSize(800, 440), QSize(1280, 720), QSize(1920, 1080)}) {
            window().resize(size);
            QTRY_COMPARE(window().size(), size);
            const std::vector<QRectF> boxes = of->balancerBoxes();
            QCOMPARE(static_cast<int>(boxes.size()), shown);
            for (std::size_t one = 0; one < boxes.size(); ++one) {
                QVERIFY(QRectF(of->rect()).contains(boxes[one]));
                for (std::size_t other = one + 1; other < boxes.size(); ++other)
                    QVERIFY(!boxes[one].intersects(boxes[other]));
            }
        }
    }

    // Where scenes are narrow, names are whole: they have more room than trails.
    void namesOfTwoTiersAreWholeInASmallWindow()
    {
        for (const char* file : {"only-one-level-is-sticky", "two-layers-one-cookie-name"}) {
            QVERIFY(window().openFile(QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/failures/")
                                      + QLatin1String(file) + QStringLiteral(".sticky.yaml")));
            session().setSpeed(Runner::asFastAsPossible);
            session().play();
            QTRY_VERIFY(snapshot()->lanes.size() == 2 && snapshot()->now > Instant(5s));
            session().pause();
            window().resize(800, 440);
            QTRY_COMPARE(window().size(), QSize(800, 440));
            for (const char* name : {"stage-0", "stage-1"}) {
                const auto* of = find<LaneStage>(name);
                const auto cast = snapshot()->lanes[0].cast;
                const StageGeometry places({0, 0, of->width() - 36.0, of->height() - 120.0},
                                           QFontMetricsF(of->font()).height(), *cast);
                const QFontMetricsF metrics(scaledFont(0.85));
                for (std::size_t place = 0; place < cast->balancers.size(); ++place) {
                    const auto [left, right] = places.balancerLabelRoom(place);
                    const QString label = fromCore(cast->balancers[place].name);
                    QVERIFY2(metrics.horizontalAdvance(label) <= right - left, qPrintable(label));
                }
            }
        }
    }

    // One in front of the others, or all side by side.
    void upToEightBalancersAndTheirLabelsAreApart()
    {
        for (int count = 1; count <= 8; ++count) {
            for (const bool tiers : {false, true}) {
                std::vector<CastBalancer> all(static_cast<std::size_t>(count));
                for (std::size_t place = 0; place < all.size(); ++place) {
                    all[place].asked = !tiers || place == 0;
                    all[place].replicas = {static_cast<ReplicaIndex>(place)};
                    if (tiers && place > 0)
                        all[0].balancers.push_back(static_cast<std::uint8_t>(place));
                }
                for (const QSizeF size : {QSizeF(110, 170), QSizeF(260, 300), QSizeF(420, 640)}) {
                    const BalancerLayout::Room room {
                        .area = QRectF({20, 20}, size), .side = 40, .line = 15, .replicas = {}};
                    layoutIsApart(BalancerLayout(room, all), room);
                }
            }
        }
    }

    void dotsTravelThroughTheBalancersThatTheRequestsWentThrough()
    {
        QVERIFY(window().openFile(QStringLiteral(
            STICKYSCOPE_RESOURCES "/scenarios/failures/only-one-level-is-sticky.sticky.yaml")));
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        std::set<std::string> ways;
        QTRY_VERIFY(snapshot()->lanes.size() == 2 && snapshot()->now > Instant(20s));
        session().pause();
        const auto end = snapshot();
        for (const ClientPicture& client : end->lanes[1].clients) {
            QCOMPARE(client.via.size(), std::size_t {2});
            QCOMPARE(client.asked, std::vector<std::uint8_t> {0});
            ways.insert(std::string(client.via.begin(), client.via.end()));
            // The outer cookie names a balancer, the inner one of its servers.
            QVERIFY(!client.held.empty());
            QCOMPARE(client.held.front().balancer, std::uint8_t {0});
            QCOMPARE(client.held.front().names, client.via.back());
            const auto& servers = end->lanes[1].cast->balancers[client.via.back()].replicas;
            QVERIFY(std::find(servers.begin(), servers.end(), client.trail.back().replica)
                    != servers.end());
        }
        QVERIFY(ways.size() == 2);
        // The stage draws the newest picture a moment later.
        QTRY_VERIFY(
            stage().toolTipAt(stage().clientCentre(0)).contains(QStringLiteral("names old"))
            || stage().toolTipAt(stage().clientCentre(0)).contains(QStringLiteral("names new")));
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<StageTest>(argc, argv);
}

#include "stage_test.moc"
