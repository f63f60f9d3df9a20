// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window for a room, its lists, and the names in its pictures.
#include "ui/theme/presenter.h"

#include "tests/gui/window_fixture.h"
#include "ui/fault_words.h"
#include "ui/scenario_words.h"
#include "ui/short_names.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QScrollArea>
#include <QScrollBar>

#include <QScreen>
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

    void aMaximisedWindowIsMaximisedAgain()
    {
        window().showMaximized();
    void theTypeIsAsLargeAsTheScreenAllows()
    {
        QCOMPARE(Presenter::largerOn({1280, 720}), 1.5);
        QCOMPARE(Presenter::largerOn({1920, 1080}), 2.25);
        QCOMPARE(Presenter::largerOn({1280, 1024}), 1.5);
        QCOMPARE(Presenter::largerOn({800, 600}), 1.0);
        QCOMPARE(Presenter::largerOn({3840, 2160}), 2.25);
    }

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
