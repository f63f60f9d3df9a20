// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped examples in the menu, and what the window says of the one that is open.
#include "tests/gui/window_fixture.h"
#include "ui/stage/lane_stage.h"

#include <QDir>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>

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
