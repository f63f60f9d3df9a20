// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window for a room, its lists, and the names in its pictures.
#include "ui/theme/presenter.h"

#include "tests/gui/window_fixture.h"
#include "ui/comparison_words.h"
#include "ui/fault_words.h"
#include "ui/panels/comparison_view.h"
#include "ui/scenario_words.h"
#include "ui/short_names.h"
#include "ui/stage/lane_stage.h"
#include "ui/theme/appearance_menu.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>

using namespace stickyscope;

class PresenterTest : public test::WindowFixture
{
    Q_OBJECT

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void theTypeIsLargeForAsLongAsItIsOn()
    {
        const double usual = find<QLabel>("time")->font().pointSizeF();
        const double title = find<QLabel>("title")->font().pointSizeF();
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(window().isFullScreen());
        const double larger = Presenter::largerOn(window().screen()->size());
        QCOMPARE(find<QLabel>("time")->font().pointSizeF(), larger * usual);
        QCOMPARE(find<QLabel>("title")->font().pointSizeF(), larger * title);
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(!window().isFullScreen());
        QCOMPARE(find<QLabel>("time")->font().pointSizeF(), usual);
        QCOMPARE(find<QLabel>("title")->font().pointSizeF(), title);
    }

    void chartsAreThereForAClassThatScrolls()
    {
        window().resize(900, 480);
        click("door-model");
        QTRY_VERIFY(!find<QWidget>("share-0")->isVisible());
        find<ComparisonView>("lanes")->setChartsAlways(true);
        auto* chart = find<QWidget>("share-0");
        QTRY_VERIFY(chart->isVisible());
        QVERIFY(chart->height() >= 100);
        const auto* bar = find<QScrollArea>("page")->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 0);
        find<ComparisonView>("lanes")->setChartsAlways(false);
        QTRY_VERIFY(!chart->isVisible());
    }

    void theSheetOfKeysIsWholeOnTheScreen()
    {
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(window().isFullScreen());
        bool whole = false;
        QTimer::singleShot(0, qApp, [&whole] {
            QWidget* sheet = QApplication::activeModalWidget();
            QVERIFY(sheet);
            const auto* area = sheet->findChild<QScrollArea*>();
            whole = sheet->screen()->availableSize().width() >= sheet->width()
                && area->horizontalScrollBar()->maximum() == 0
                && area->verticalScrollBar()->maximum() == 0;
            sheet->close();
        });
        QTest::keyClick(&window(), Qt::Key_Question);
        QVERIFY(whole);
    }

    void theTypeIsAsLargeAsTheScreenAllows()
    {
        QCOMPARE(Presenter::largerOn({1280, 720}), 1.5);
        QCOMPARE(Presenter::largerOn({1920, 1080}), 2.25);
        QCOMPARE(Presenter::largerOn({1280, 1024}), 1.5);
        QCOMPARE(Presenter::largerOn({800, 600}), 1.0);
        QCOMPARE(Presenter::largerOn({3840, 2160}), 2.25);
    }

    void aMaximisedWindowIsMaximisedAgain()
    {
        window().showMaximized();
        QTRY_VERIFY(window().isMaximized());
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(window().isFullScreen());
        QTest::keyClick(&window(), Qt::Key_F11);
        QTRY_VERIFY(!window().isFullScreen());
        QVERIFY(window().isMaximized());
    }

    void everyRowOfAListIsSeen()
    {
        click("door-lab");
        int seen = 0;
        for (auto* box : window().findChildren<QComboBox*>()) {
            if (box->count() == 0 || !box->isVisible())
                continue;
            ++seen;
            box->showPopup();
            const QAbstractItemView* view = box->view();
            QTRY_VERIFY(view->isVisible());
            const int shown = std::min(box->count(), box->maxVisibleItems());
            const QRect last = view->visualRect(view->model()->index(shown - 1, 0));
            if (box->currentIndex() < shown)
                QVERIFY2(view->viewport()->rect().contains(last),
                         qPrintable(QStringLiteral("%1 %2")
                                        .arg(box->objectName())
                                        .arg(view->viewport()->height())));
            box->hidePopup();
            QTRY_VERIFY(!view->isVisible());
        }
        QVERIFY(seen >= 3);
    }

    void faultsAndSettingsAreSaidInPlainEnglish()
    {
        Intervention fault {.kind = Intervention::Kind::bandwidth};
        fault.amount = 5000;
        QVERIFY2(inWords(fault).endsWith(QStringLiteral(": 5,000 octets per second")),
                 qPrintable(inWords(fault)));
        Scenario scenario = test::defaultScenario();
        scenario.balancer.product = "apache";
        scenario.balancer.algorithm.clear();
        scenario.lanes = {{.name = "broken", .sticky = false}};
        QCOMPARE(headlineOf(scenario, scenario.lanes[0]), QStringLiteral("Broken"));
        const QString remark = remarkOn(scenario, scenario.lanes[0]);
        QVERIFY2(!remark.contains(QStringLiteral("by by")), qPrintable(remark));
    }

    void theDifferenceReadsAsASentence()
    {
        Snapshot snapshot;
        snapshot.result.comparison.emplace();
        snapshot.result.comparison->sentence = "Not enough follow-up requests yet to compare.";
        LaneResult off {.name = "off", .sticky = false};
        LaneResult on {.name = "on", .sticky = true};
        snapshot.lanes = {LaneSnapshot {.result = off}, LaneSnapshot {.result = on}};
        QCOMPARE(comparisonInWords(snapshot),
                 QStringLiteral("Not enough follow-up requests yet to compare."));
        off.stickiness = 0.344;
        on.stickiness = 0.98;
        snapshot.lanes = {LaneSnapshot {.result = off}, LaneSnapshot {.result = on}};
        QCOMPARE(comparisonInWords(snapshot),
                 QStringLiteral("With sticky cookies, 98\u202f% of the follow-up requests stayed "
                                "with their server; without, 34\u202f%."));
        off.met = off.stickiness;
        on.met = on.stickiness;
        off.sessionsLost = 1204;
        on.sessionsLost = 1;
        snapshot.lanes = {LaneSnapshot {.result = off}, LaneSnapshot {.result = on}};
        const QString met =
            QStringLiteral("With sticky cookies, 98\u202f% of the follow-up requests met their "
                           "session; without, 34\u202f%. Sessions lost: 1 with sticky cookies, "
                           "1\u202f204 without.");
        QCOMPARE(comparisonInWords(snapshot), met);
        on.sessionsLostByStop = 1;
        snapshot.lanes[1].result = on;
        QCOMPARE(comparisonInWords(snapshot),
                 met
                     + QStringLiteral(" Of these, because a server stopped: 1 with sticky cookies, "
                                      "0 without."));
        // Settings of the scenario's own go by their names.
        off.name = "broken";
        on.name = "mended";
        on.sessionsLostByStop = 0;
        snapshot.lanes = {LaneSnapshot {.result = off}, LaneSnapshot {.result = on}};
        QCOMPARE(
            comparisonInWords(snapshot),
            QStringLiteral("In “mended”, 98\u202f% of the follow-up requests met their session; "
                           "in “broken”, 34\u202f%. Sessions lost: 1 in “mended”, 1\u202f204 in "
                           "“broken”."));
    }

    void aSystemOfHighContrastIsFollowed()
    {
        QPalette yellow(Qt::yellow, Qt::black, Qt::white, Qt::darkGray, Qt::gray, Qt::yellow,
                        Qt::white, Qt::black, Qt::black);
        QVERIFY(isHighContrast(yellow));
        const Theme theme = Theme::like(yellow);
        QCOMPARE(theme.ink, QColor(Qt::yellow));
        QCOMPARE(theme.card, QColor(Qt::black));
        QVERIFY(theme.outlined && theme.dark);
        const QPalette usual = QStyleFactory::create(QStringLiteral("Fusion"))->standardPalette();
        QVERIFY(!isHighContrast(usual));
        QVERIFY(!Theme::like(usual).outlined);
        for (const Theme& one : {theme, Theme::highContrast(Qt::white, Qt::black)}) {
            for (const QColor& mark : {one.ink, one.faint, one.border, one.line, one.focus})
                QVERIFY(contrast(mark, one.card) >= 7);
            QVERIFY(contrast(one.onButton, one.button) >= 7);
        }
    }

    // On black and on white some of the replicas' colours are hard to see: ink is around them.
    void marksHaveAnOutlineWhereContrastIsHigh()
    {
        session().pause();
        const auto* stage = find<LaneStage>("stage-0");
        const QPoint server = stage->replicaCentre(0);
        // The brightest of what is around the server's box.
        const auto edge = [&] {
            const QImage image = find<LaneStage>("stage-0")->grab().toImage();
            double most = 1;
            int left = server.x();
            while (left > 0 && image.pixelColor(left, server.y() + 12) != QColor(Qt::black))
                --left;
            for (int x = left; x < left + 4; ++x)
                most = std::max(most, contrast(image.pixelColor(x, server.y() + 12), Qt::black));
            return most;
        };
        window().appearance().choose(Appearance::highContrast);
        QTRY_VERIFY2(edge() > 8, qPrintable(QString::number(edge())));
        QVERIFY(contrast(replicaColour(0), Qt::black) < 8);
        window().appearance().choose(Appearance::dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::darkOne().window);
        window().appearance().choose(Appearance::system);
    }

    void noTwoClientsAreCalledAlike()
    {
        const std::vector<std::string> names {"client-1", "client-2",  "curl",       "curl-2",
                                              "browser",  "browser-2", "user-agent", "c2"};
        const QStringList found = shortNames(names, names.size());
        QCOMPARE(found.mid(0, 4),
                 QStringList({QStringLiteral("c1"), QStringLiteral("c2"), QStringLiteral("curl"),
                              QStringLiteral("cu2")}));
        QCOMPARE(QSet<QString>(found.begin(), found.end()).size(), found.size());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<PresenterTest>(argc, argv);
}

#include "presenter_test.moc"
