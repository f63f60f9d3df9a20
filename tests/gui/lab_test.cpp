// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys through "Real": servers, balancers and clients that the window starts.
#include "sim/lab/managed/managed_product.h"
#include "sim/lab/replica_page.h"
#include "sim/lab/replica_server.h"
#include "tests/gui/lab_asking.h"
#include "ui/format.h"
#include "ui/lab/missing_program.h"
#include "ui/stage/lane_stage.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QInputDialog>
#include <QProcess>
#include <QPushButton>
#include <QTableView>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

using namespace stickyscope;

class LabTest : public test::LabFixture
{
    Q_OBJECT

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void oneClickStartsServersWhoseAnswersAreDrawn()
    {
        QElapsedTimer timer;
        timer.start();
        click("door-lab");
        QCOMPARE(session().source(), Source::lab);
        QCOMPARE(ask(addressIn("curl-off")).head.status, 200);
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        click("copy-curl-on");
        QVERIFY(
            QApplication::clipboard()->text().contains(QStringLiteral("curl -s -b jar -c jar")));
        // The terminal that asked is a client behind ours, with its trail.
        QTRY_VERIFY_WITH_TIMEOUT(!snapshot()->lanes[0].clients.empty()
                                     && snapshot()->lanes[0].cast->clients.back() == "curl"
                                     && !snapshot()->lanes[0].clients.back().trail.empty(),
                                 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.answered > 3, 20'000);
        QVERIFY(snapshot()->lanes[1].result.ledgerKind == LedgerKind::decided);
    }

    // As two people would run them in their terminals.
    void oneCopiedLineFlickersAndTheOtherStays()
    {
        click("door-lab");
        const QTemporaryDir folder;
        std::array<QProcess, 2> terminals;
        for (const auto& [place, button] :
             {std::pair(std::size_t {0}, "copy-curl-off"), {std::size_t {1}, "copy-curl-on"}}) {
            click(button);
            QProcess& terminal = terminals.at(place);
            terminal.setWorkingDirectory(folder.path());
            // A shell dies by a signal only between its commands: timeout ends them as well.
            terminal.start(QStringLiteral("timeout"),
                           {QStringLiteral("60"), QStringLiteral("sh"), QStringLiteral("-c"),
                            QApplication::clipboard()->text()});
            QVERIFY(terminal.waitForStarted());
        }
        const auto answersOf = [this](std::size_t lane) {
            const auto picture = snapshot();
            const auto& clients = picture->lanes.at(lane).clients;
            std::vector<ReplicaIndex> answers;
            const auto& names = picture->lanes.at(lane).cast->clients;
            const auto found = std::find(names.begin(), names.end(), "curl");
            if (found != names.end())
                for (const auto& cell : clients.at(std::distance(names.begin(), found)).trail)
                    answers.push_back(cell.replica);
            return answers;
        };
        QTRY_VERIFY_WITH_TIMEOUT(answersOf(0).size() >= 4 && answersOf(1).size() >= 4, 30'000);
        const auto off = answersOf(0);
        QCOMPARE(std::set(off.begin(), off.end()).size(), std::size_t {3});
        const auto on = answersOf(1);
        QCOMPARE(std::set(on.begin(), on.end()).size(), std::size_t {1});
        for (QProcess& terminal : terminals) {
            terminal.terminate();
            QVERIFY(terminal.waitForFinished(10'000));
        }
    }

    void stopEndsEverythingWithinASecondAndEscToo()
    {
        for (const bool byKey : {false, true}) {
            if (byKey)
                click("lab-start");
            else
                click("door-lab");
            const QString address = addressIn("curl-on");
            QCOMPARE(ask(address).head.status, 200);
            QElapsedTimer timer;
            timer.start();
            if (byKey)
                QTest::keyClick(&window(), Qt::Key_Escape);
            else
                click("lab-stop");
            QCOMPARE(ask(address).failure, Failure::connectionRefused);
            QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
            QVERIFY(find<QLabel>("lab-state")->text().startsWith(QStringLiteral("Stopped")));
            QVERIFY(!session().playing());
        }
        // The play button starts anew.
        click("play");
        QCOMPARE(ask(addressIn("curl-on")).head.status, 200);
    }

    void aClickOnAServerStopsAndStartsARealOne()
    {
        click("door-lab");
        auto* stage = find<LaneStage>("stage-0");
        QTRY_VERIFY_WITH_TIMEOUT(stage->shownState(1).has_value(), 10'000);
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->replicaCentre(1));
        QTRY_COMPARE_WITH_TIMEOUT(snapshot()->lanes[0].replicas[1].state, ReplicaState::stopped,
                                  10'000);
        QTRY_VERIFY(stage->shownState(1) == ReplicaState::stopped);
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->replicaCentre(1));
        QTRY_COMPARE_WITH_TIMEOUT(snapshot()->lanes[0].replicas[1].state, ReplicaState::running,
                                  10'000);
    }

    void aRealBalancerIsOneChoiceAway()
    {
        click("door-lab");
        auto* balancer = find<QComboBox>("lab-balancer");
        QCOMPARE(balancer->currentIndex(), 0);
        const int haproxy = balancer->findText(QStringLiteral("HAProxy itself"));
        QVERIFY(haproxy > 0);
        balancer->setCurrentIndex(haproxy);
        emit balancer->activated(haproxy);
        QTRY_VERIFY_WITH_TIMEOUT(
            find<QLabel>("lab-state")->text().contains(QStringLiteral("behind HAProxy itself")),
            20'000);
        // What HAProxy cannot do of Traefik's settings is said.
        QVERIFY(!find<QLabel>("lab-differences")->isHidden());
        QCOMPARE(ask(addressIn("curl-on")).head.status, 200);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.answered > 3, 20'000);
        QVERIFY(snapshot()->lanes[1].result.ledgerKind == LedgerKind::inferred);
        const QString address = addressIn("curl-on");
        QElapsedTimer timer;
        timer.start();
        click("lab-stop");
        QCOMPARE(ask(address).failure, Failure::connectionRefused);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }

    void theModelRunsBesideTheRealThing()
    {
        click("door-lab");
        auto* lanes = find<QComboBox>("lab-lanes");
        lanes->setCurrentIndex(1);
        emit lanes->activated(1);
        QCOMPARE(session().scenario().lanes.size(), std::size_t {2});
        QCOMPARE(session().scenario().lanes[0].name, std::string("model"));
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[0].result.answered > 6
                                     && snapshot()->lanes[1].result.answered > 6,
                                 20'000);
        // Both have the same luck, and answers are not seen before their way.
        QVERIFY(!snapshot()->lanes[0].clients.front().trail.empty());
        QTRY_VERIFY_WITH_TIMEOUT(
            find<QLabel>("sentence")->text().startsWith(QStringLiteral("Model and real differ by")),
            20'000);
        QVERIFY(snapshot()->result.comparison->agreement.has_value());
        QVERIFY(find<QLabel>("lab-state")->text().contains(QStringLiteral("its model")));
        // The one real lane has its line for the terminal.
        QCOMPARE(ask(addressIn("curl-on")).head.status, 200);
    }

    void clientsBalancerAndServersCountTheSame()
    {
        click("door-lab");
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.answered > 3, 20'000);
        click("lab-counts");
        auto* table = find<QTableView>("counts-table");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 8, 10'000);
        const QAbstractItemModelTester tester(table->model());
        const auto cell = [&](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(cell(0, 1), QStringLiteral("server-1"));
        // The last row is seen as well, also by who makes the window small.
        table->window()->resize(table->window()->minimumSizeHint());
        QTRY_VERIFY(
            table->viewport()->rect().contains(table->visualRect(table->model()->index(7, 0))));
        QTRY_VERIFY_WITH_TIMEOUT(cell(7, 2).toInt() > 3, 10'000);
        // While nothing is sent all come to the same.
        session().pause();
        QTRY_VERIFY_WITH_TIMEOUT(cell(7, 2) == cell(7, 3) && cell(7, 3) == cell(7, 4), 10'000);
        QVERIFY(find<QLabel>("counts-differences")
                    ->text()
                    .contains(tr("client, balancer and server log name the same server")));
    }

    void ownServersStandBehindOurBalancer()
    {
        lab::ReplicaServer one("one", nullptr);
        lab::ReplicaServer two("two", nullptr);
        QCOMPARE(one.listen(QHostAddress::LocalHost, 0), std::string());
        QCOMPARE(two.listen(QHostAddress::LocalHost, 0), std::string());
        click("door-lab");
        auto* servers = find<QComboBox>("lab-servers");
        const auto choose = [&](const QString& addresses) {
            QTimer::singleShot(0, [addresses] {
                auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
                QVERIFY(dialog);
                dialog->setTextValue(addresses);
                dialog->accept();
            });
            emit servers->activated(1);
        };
        choose(QStringLiteral("http://app.example/"));
        QVERIFY(find<QLabel>("lab-state")
                    ->text()
                    .contains(QStringLiteral("app.example/' is not on this computer")));
        // Whatever a word holds beside: it is not read out.
        choose(QStringLiteral("http://ada:geheim@app.example/?token=geheim"));
        const QString refused = find<QLabel>("lab-state")->text();
        QVERIFY2(refused.contains(QStringLiteral("is not on this computer")), qPrintable(refused));
        QVERIFY2(!refused.contains(QStringLiteral("geheim")), qPrintable(refused));
        choose(QStringLiteral("http://127.0.0.1:%1/hostname, 127.0.0.1:%2")
                   .arg(one.port())
                   .arg(two.port()));
        QVERIFY(find<QLabel>("lab-state")
                    ->text()
                    .contains(QStringLiteral(
                        "2 real servers of your own behind a balancer that does as Traefik")));
        QCOMPARE(session().scenario().title, std::string("My own servers"));
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.answered > 3, 20'000);
        QVERIFY(one.answered() + two.answered() > 3);
        // Which page they have is theirs to say.
        QVERIFY(find<QPushButton>("page-on")->toolTip().contains(QStringLiteral("/hostname")));
        QCOMPARE(ask(addressIn("curl-on")).head.status, 200);
        click("lab-stop");
        QTRY_VERIFY(one.answered() > 0);
        // Nobody listens at the second address: the stage says so.
        choose(QStringLiteral("http://127.0.0.1:%1/hostname, 127.0.0.1:1").arg(one.port()));
        const auto notice = [this] { return fromCore(snapshot()->lanes[1].cast->notice); };
        QTRY_VERIFY2_WITH_TIMEOUT(notice().startsWith(QStringLiteral("127.0.0.1:1 ")),
                                  qPrintable(notice()), 20'000);
    }

    void leavingWhileABalancerStartsLeavesNothing()
    {
        click("door-lab");
        auto* balancer = find<QComboBox>("lab-balancer");
        emit balancer->activated(balancer->findText(QStringLiteral("HAProxy itself")));
        QVERIFY(find<QLabel>("lab-state")->text().startsWith(QStringLiteral("Starting")));
        click("model");
        QCOMPARE(session().source(), Source::model);
        QCOMPARE(session().scenario(), test::defaultScenario());
    }

    void whatCannotBeRealSaysWhy()
    {
        Scenario scenario = test::defaultScenario();
        scenario.clients.front().source = "198.51.100.7";
        session().open(scenario);
        click("door-lab");
        QVERIFY(find<QLabel>("lab-state")->text().contains(QStringLiteral("one of its own")));
        QVERIFY(session().source() != Source::lab);
    }

    void whereThereIsNoBrowserTheAddressIsSaid()
    {
        click("door-lab");
        QVERIFY(!find<QLabel>("no-browser")->isVisible());
        // The system's opener is there, but finds no browser.
        QTemporaryDir folder;
        QFile opener(folder.filePath(QStringLiteral("xdg-open")));
        QVERIFY(opener.open(QIODevice::WriteOnly));
        opener.write("#!/bin/sh\nexit 3\n");
        opener.close();
        opener.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", folder.path().toUtf8() + ':' + path);
        click("page-on");
        QTRY_VERIFY(find<QLabel>("no-browser")->isVisible());
        qputenv("PATH", path);
        const QString address = addressIn("curl-on") + QLatin1Char('/');
        QVERIFY(find<QLabel>("no-browser")->text().endsWith(address));
        QCOMPARE(QApplication::clipboard()->text(), address);
        click("lab-stop");
        QVERIFY(!find<QLabel>("no-browser")->isVisible());
    }

    void aBalancerThatIsNotInstalledSaysWhatBringsIt()
    {
        for (const lab::ManagedProduct* product : lab::managedProducts()) {
            const MissingProgram missing = missingProgram(*product);
            QVERIFY(missing.sentence.contains(QStringLiteral("is not installed on this computer")));
            QCOMPARE(missing.sentence.count(QStringLiteral(". ")), 0); // one sentence
            const QString package = missing.command.section(QLatin1Char(' '), -1);
            QVERIFY2(!package.isEmpty() && missing.sentence.contains(package),
                     qPrintable(missing.sentence));
        }
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        // Some may be where every system has its programs.
        const auto all = lab::managedProducts();
        const auto absent = std::find_if(all.begin(), all.end(), [](const auto* product) {
            return lab::findProgram(product->program, {}).empty();
        });
        QVERIFY(absent != all.end());
        click("door-lab");
        auto* balancer = find<QComboBox>("lab-balancer");
        QString said;
        answerMessage(said, QMessageBox::Cancel);
        emit balancer->activated(static_cast<int>(absent - all.begin()) + 1);
        qputenv("PATH", path);
        QCOMPARE(said, missingProgram(**absent).sentence);
        QCOMPARE(balancer->currentIndex(), 0);
    }

    void thePageInTheBrowserHasTheWindowsColours()
    {
        for (std::size_t replica = 0; replica < 8; ++replica)
            QCOMPARE(QString::fromStdString(lab::colourOf(replica)), replicaColour(replica).name());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<LabTest>(argc, argv);
}

#include "lab_test.moc"
