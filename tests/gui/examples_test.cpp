// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped examples in the menu, and what the window says of the one that is open.
#include "tests/gui/window_fixture.h"
#include "ui/difference_words.h"
#include "ui/scenario_words.h"
#include "ui/stage/lane_stage.h"

#include <QDir>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace stickyscope;

class ExamplesTest : public test::WindowFixture
{
    Q_OBJECT

private:
    static QDir folder()
    {
        return QDir(QStringLiteral(STICKYSCOPE_RESOURCES "/scenarios/failures"));
    }

    // In the order of the menu.
    QList<QAction*> failures()
    {
        QList<QAction*> all;
        for (QAction* part : find<QMenu>("failures")->actions())
            all += part->menu()->actions();
        return all;
    }

    static int numberOf(const QString& file)
    {
        QFile yaml(folder().filePath(file));
        yaml.open(QIODevice::ReadOnly);
        static const QRegularExpression number(QStringLiteral("^# F([0-9]+)$"),
                                               QRegularExpression::MultilineOption);
        return number.match(QString::fromUtf8(yaml.readAll())).captured(1).toInt();
    }

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void allFailuresAreInTheMenuByTheirNumbers()
    {
        QStringList listed;
        int last = 0;
        for (QAction* action : failures()) {
            const QString file = QFileInfo(action->data().toString()).fileName();
            listed << file;
            QVERIFY2(numberOf(file) >= last, qPrintable(file));
            last = numberOf(file);
        }
        listed.sort();
        QStringList shipped = folder().entryList({QStringLiteral("*.sticky.yaml")}, QDir::Files);
        shipped.sort();
        QCOMPARE(listed, shipped);
    }

    void noMenuIsHigherThanASmallScreen()
    {
        for (QAction* part : find<QMenu>("failures")->actions())
            QVERIFY2(part->menu()->sizeHint().height() < 600, qPrintable(part->text()));
    }

    void eachSaysWhatItShows()
    {
        for (QAction* action : failures()) {
            action->trigger();
            auto* about = find<QLabel>("about");
            QVERIFY2(about->isVisible() && about->text().size() > 40, qPrintable(action->text()));
            QCOMPARE(about->text(), QString::fromStdString(session().scenario().about));
            QCOMPARE(find<QLabel>("title")->text(), action->text());
        }
        session().open(test::defaultScenario());
        QVERIFY(!find<QLabel>("about")->isVisible());
    }

    void settingsThatABalancerMakesAlikeAreSaidToBe()
    {
        QVERIFY(window().openFile(
            folder().filePath(QStringLiteral("the-101-carries-no-set-cookie.sticky.yaml"))));
        const auto alike = [this] {
            return alikeWith(session().scenario(), session().scenario().lanes[1]);
        };
        QCOMPARE(alike(), QString());
        session().setProduct("caddy");
        QCOMPARE(alike(), QStringLiteral("With this balancer nothing differs from “Broken”."));
        const auto* mended = find<LaneStage>("stage-1");
        const QPoint below(mended->width() / 2, mended->height() - 4);
        QVERIFY2(mended->toolTipAt(below).contains(alike()), qPrintable(mended->toolTipAt(below)));
    }

    void theRemarkIsTrueOfWhatIsSeen()
    {
        const auto remark = [this](const char* file) {
            window().openFile(folder().filePath(QLatin1String(file)));
            return remarkOn(session().scenario(), session().scenario().lanes[0]);
        };
        const QString webSocket = remark("the-101-carries-no-set-cookie.sticky.yaml");
        QVERIFY2(webSocket.contains(QStringLiteral("sets no cookie with the answer that opens")),
                 qPrintable(webSocket));
        session().setProduct("caddy");
        QVERIFY(remarkOn(session().scenario(), session().scenario().lanes[0])
                    .contains(QStringLiteral("sets a cookie with its first answer")));
        const QString table = remark("mcp-clients-keep-no-cookie.sticky.yaml");
        QVERIFY2(table.contains(QStringLiteral("sets no cookie of its own: it goes by “session”")),
                 qPrintable(table));
        QVERIFY(remark("a-cdn-strips-the-cookie.sticky.yaml")
                    .contains(QStringLiteral("takes it away")));
        QVERIFY(remark("a-cache-stores-the-cookie.sticky.yaml")
                    .contains(QStringLiteral("hand one client's to others")));
        QCOMPARE(
            remarkOn(session().scenario(), session().scenario().lanes[1]),
            QStringLiteral("Here the sticky cookie of the balancer has “nocache” switched on."));
    }

    void whatDiffersIsSaidInWords()
    {
        const auto words = [](const char* yaml) { return differenceInWords(yaml); };
        QCOMPARE(words("{balancer: {redispatch: true}}"),
                 QStringLiteral("the balancer has “redispatch” switched on"));
        QCOMPARE(words("{balancer: {sticky: {cookie: version, path: /}}}"),
                 QStringLiteral("the sticky cookie of the balancer is called “version”; the sticky "
                                "cookie of the balancer has the path /"));
        QCOMPARE(words("{clients: [{name: heavy, jar: own}, {name: light, jar: own}]}"),
                 QStringLiteral("the clients “heavy” and the clients “light” keep their cookies"));
        QCOMPARE(words("{replicas: [{name: a, sessions: shared}, {name: b, sessions: shared}]}"),
                 QStringLiteral("a and b share what they know of sessions"));
        QCOMPARE(words("{clients: [{name: streams, connection-lifetime: {exponential: 20s}}]}"),
                 QStringLiteral(
                     "the clients “streams” have “connection-lifetime” set to exponential 20s"));
        QCOMPARE(words("{balancer: {product: haproxy}}"),
                 QStringLiteral("the balancer is HAProxy"));
        QCOMPARE(words("{balancers: [{name: mail, sticky: {cookie: mail-route}}]}"),
                 QStringLiteral("the sticky cookie of mail is called “mail-route”"));
        // Of all that are shipped, none is left in YAML.
        for (QAction* action : failures()) {
            action->trigger();
            for (const LaneSpec& lane : session().scenario().lanes) {
                const QString said = remarkOn(session().scenario(), lane);
                QVERIFY2(!said.contains(QLatin1Char('{')) && !said.contains(QStringLiteral("›")),
                         qPrintable(said));
            }
        }
    }

    // It was said of the scenario as it was opened.
    void aboutGoesWithWhatItIsAboutAndComesBackWithIt()
    {
        window().openFile(
            folder().filePath(QStringLiteral("no-redispatch-answers-503.sticky.yaml")));
        click("door-model");
        QVERIFY(find<QLabel>("about")->isVisible());
        click("sticky-off");
        QVERIFY(!find<QLabel>("about")->isVisible());
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(find<QLabel>("about")->isVisible());
    }

    void whatIsSavedIsNoLongerCalledChanged()
    {
        const QTemporaryDir own;
        const QString path = own.filePath(QStringLiteral("mine.sticky.yaml"));
        QVERIFY(
            QFile::copy(folder().filePath(QStringLiteral("no-cookie-at-all.sticky.yaml")), path));
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
        window().openFile(path);
        const QString changed = QStringLiteral("(changed)");
        session().setProduct("nginx");
        QVERIFY(window().windowTitle().contains(changed));
        QTest::keyClick(&window(), Qt::Key_S, Qt::ControlModifier);
        QVERIFY2(!window().windowTitle().contains(changed), qPrintable(window().windowTitle()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("product: nginx"));
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(window().windowTitle().contains(changed));
    }

    void settingsOfItsOwnAreNeitherOffNorOnAndComeBack()
    {
        failures().front()->trigger();
        click("model");
        const Scenario own = session().scenario();
        for (const char* button : {"sticky-off", "sticky-on", "sticky-both"})
            QVERIFY2(!find<QPushButton>(button)->isChecked(), button);
        click("sticky-both");
        QVERIFY(find<QPushButton>("sticky-both")->isChecked());
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(session().scenario() == own);
        QVERIFY(!find<QPushButton>("sticky-both")->isChecked());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<ExamplesTest>(argc, argv);
}

#include "examples_test.moc"
