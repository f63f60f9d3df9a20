// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a lecturer does with "Real" between other things: leaves it, comes back, takes other
// settings, and has others at its servers meanwhile.
#include "tests/gui/lab_asking.h"
#include "ui/stage/lane_stage.h"

#include <QComboBox>
#include <QInputDialog>
#include <QPushButton>

using namespace stickyscope;

class RealTest : public test::LabFixture
{
    Q_OBJECT

private:
    QString state() { return find<QLabel>("lab-state")->text(); }

    void openExample(const char* name)
    {
        QVERIFY(window().openFile(
            QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/failures/%1.sticky.yaml")
                .arg(QLatin1String(name))));
    }

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void escapeInAListClosesTheListAlone()
    {
        click("door-lab");
        const QString address = addressIn("curl-on");
        find<QComboBox>("lab-servers")->showPopup();
        QTRY_VERIFY(QApplication::activePopupWidget());
        QTest::keyClick(QApplication::activePopupWidget()->focusWidget()
                            ? QApplication::activePopupWidget()->focusWidget()
                            : QApplication::activePopupWidget(),
                        Qt::Key_Escape);
        QTRY_VERIFY(!QApplication::activePopupWidget());
        QCOMPARE(ask(address).head.status, 200);
        // Without a window system nobody gives the window its place back.
        QApplication::setActiveWindow(&window());
        window().setFocus();
        QTest::keyClick(&window(), Qt::Key_Escape);
        QCOMPARE(ask(address).failure, Failure::connectionRefused);
    }

    void whatIsRefusedLeavesAloneWhatRuns()
    {
        click("door-lab");
        auto* balancer = find<QComboBox>("lab-balancer");
        const int haproxy = balancer->findText(QStringLiteral("HAProxy itself"));
        QVERIFY(haproxy > 0);
        balancer->setCurrentIndex(haproxy);
        emit balancer->activated(haproxy);
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith(QStringLiteral("Running here")), 20'000);
        const QString address = addressIn("curl-on");
        QTimer::singleShot(0, [] {
            auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
            QVERIFY(dialog);
            dialog->setTextValue(QStringLiteral("http://127.0.0.1:1/hostname"));
            dialog->accept();
        });
        emit find<QComboBox>("lab-servers")->activated(1);
        QVERIFY2(state().contains(QStringLiteral("let our balancer stand before them")),
                 qPrintable(state()));
        QVERIFY(state().contains(QStringLiteral("still runs")));
        QCOMPARE(ask(address).head.status, 200);
        QVERIFY(find<QPushButton>("lab-stop")->isEnabled());
        QCOMPARE(find<QComboBox>("lab-servers")->currentIndex(), 0);
    }

    void theModelIsAsItWasLeft()
    {
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(snapshot()->now > Instant(std::chrono::seconds(10)));
        session().pause();
        QTRY_VERIFY(!session().playing());
        session().setProduct("haproxy");
        session().play();
        QTRY_VERIFY(snapshot()->finished);
        const Count requests = snapshot()->lanes[0].result.requests;
        click("door-lab");
        QCOMPARE(session().source(), Source::lab);
        QTest::keyClick(&window(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(session().source(), Source::model);
        QVERIFY(snapshot()->finished);
        QCOMPARE(snapshot()->lanes[0].result.requests, requests);
        QVERIFY(session().canUndo());
    }

    void serversStayForOthersUntilTheyAreStopped()
    {
        click("door-lab");
        const QString address = addressIn("curl-off");
        click("model");
        QCOMPARE(session().source(), Source::model);
        QCOMPARE(session().scenario(), test::defaultScenario());
        QCOMPARE(ask(address).head.status, 200);
        QTRY_COMPARE(find<QPushButton>("lab")->text(), QStringLiteral("Real ●"));
        click("lab");
        QCOMPARE(session().source(), Source::lab);
        QCOMPARE(addressIn("curl-off"), address);
        QCOMPARE(ask(address).head.status, 200);
        click("model");
        QTest::keyClick(&window(), Qt::Key_Escape);
        QCOMPARE(ask(address).failure, Failure::connectionRefused);
        QTRY_COMPARE(find<QPushButton>("lab")->text(), QStringLiteral("Real"));
    }

    void linesInTerminalsHoldAfterAnotherStart()
    {
        click("door-lab");
        const QString off = addressIn("curl-off");
        const QString on = addressIn("curl-on");
        click("lab-stop");
        QVERIFY(!find<CodeLabel>("curl-on")->isVisible());
        QVERIFY(!find<QPushButton>("copy-curl-on")->isVisible());
        click("lab-start");
        QCOMPARE(addressIn("curl-off"), off);
        QCOMPARE(addressIn("curl-on"), on);
        QCOMPARE(ask(on).head.status, 200);
    }

    void anotherScenarioBeginsAnew()
    {
        click("door-lab");
        click("model");
        openExample("the-cookie-expires-in-mid-session");
        click("lab");
        QCOMPARE(session().scenario().lanes.size(), std::size_t {2});
        QCOMPARE(session().scenario().lanes[1].name, std::string("mended"));
    }

    void aScenariosOwnSettingsRunOnRealSockets()
    {
        openExample("the-cookie-expires-in-mid-session");
        click("door-lab");
        QCOMPARE(session().source(), Source::lab);
        const auto& lanes = session().scenario().lanes;
        QCOMPARE(lanes.size(), std::size_t {2});
        const auto maxAge = [&](std::size_t lane) {
            return balancerOf(session().scenario(), lanes[lane]).sticky->maxAge;
        };
        QVERIFY(maxAge(0) != maxAge(1));
        QCOMPARE(ask(addressIn("curl-broken")).head.status, 200);
        const wire::Exchange mended = ask(addressIn("curl-mended"));
        const auto cookie = mended.head.fields.find("Set-Cookie");
        QVERIFY(cookie);
        QVERIFY2(std::string(*cookie).find("Max-Age=3600") != std::string::npos,
                 std::string(*cookie).c_str());
        QVERIFY(find<QComboBox>("lab-lanes")->itemText(0) == QStringLiteral("Broken and mended"));
    }

    void whatTheLabCannotIsSaidInOneLine()
    {
        openExample("everybody-behind-one-address");
        click("door-lab");
        QVERIFY2(state().startsWith(QStringLiteral("Not on real sockets: clients ")),
                 qPrintable(state()));
        QVERIFY(session().source() != Source::lab);
    }

    void anAnswersRecordIsOneClickAway()
    {
        click("door-lab");
        QTRY_VERIFY_WITH_TIMEOUT(!snapshot()->lanes[1].clients.empty()
                                     && !snapshot()->lanes[1].clients[0].trail.empty(),
                                 20'000);
        auto* stage = find<LaneStage>("stage-1");
        QTRY_VERIFY(!stage->toolTipAt(stage->newestAnswer(0)).isEmpty());
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->newestAnswer(0));
        auto* record = find<QLabel>("explanation-record");
        QVERIFY2(record->text().contains(QStringLiteral(" answered after ")),
                 qPrintable(record->text()));
        QVERIFY(record->text().contains(QStringLiteral("sticky cookie")));
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<RealTest>(argc, argv);
}

#include "real_test.moc"
