// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which charts stand under the stages, what they say, and what leaves the window as a file.
#include "ui/charts/charts.h"

#include "sim/formats/result_json.h"
#include "tests/gui/window_fixture.h"
#include "ui/charts/chart_card.h"
#include "ui/panels/comparison_view.h"
#include "ui/save_files.h"

#include <QClipboard>
#include <QFileDialog>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QToolTip>
#include <QXmlStreamReader>
#include <qcustomplot.h>

using namespace stickyscope;

namespace {

QStringList cellsOf(const QString& row)
{
    return row.split(QLatin1Char('\t'));
}

// Chooses in the menu that is about to open.
void chooseInMenu(const QString& text)
{
    QTimer::singleShot(0, qApp, [text] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (!menu)
            return chooseInMenu(text);
        for (QAction* action : menu->actions()) {
            if (action->text() == text) {
                menu->close();
                action->trigger();
                return;
            }
        }
        menu->close();
        qWarning("there is no \"%s\" in the menu", qPrintable(text));
    });
}

// Answers the next question for a file.
void saveTo(const QString& path, const QString& filter = {})
{
    QTimer::singleShot(0, qApp, [path, filter] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (!dialog)
            return saveTo(path, filter);
        if (!filter.isEmpty())
            dialog->selectNameFilter(filter);
        dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path);
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
    });
}

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class ChartsTest : public test::WindowFixture
{
    Q_OBJECT

    void choose(const char* chart, const QString& text)
    {
        chooseInMenu(text);
        QTest::mouseClick(find<ChartCard>(chart)->findChild<QToolButton*>(), Qt::LeftButton);
        // What was there goes with the next round of events.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    bool isThere(const char* name) { return window().findChild<ChartCard*>(QLatin1String(name)); }

    QString wordsUnder(ChartCard* chart, double x, double y)
    {
        const QPointF place(chart->plot()->xAxis->coordToPixel(x),
                            chart->plot()->yAxis->coordToPixel(y));
        const QPoint inCard = chart->plot()->mapTo(chart, place.toPoint());
        QHelpEvent help(QEvent::ToolTip, inCard, chart->mapToGlobal(inCard));
        QApplication::sendEvent(chart, &help);
        return QToolTip::text();
    }

private slots:
    void init()
    {
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        openWindow();
        click("door-model");
        runToTheEnd();
    }
    void cleanup() { closeWindow(); }

    void theLedgerSaysWhyRequestsWentThere()
    {
        choose("share-1", tr("Why requests went there"));
        QVERIFY(isThere("ledger-0") && isThere("ledger-1") && !isThere("share-0"));
        const auto end = snapshot();
        const LaneResult& lane = end->lanes[1].result;
        auto* chart = find<ChartCard>("ledger-1");
        const QStringList rows = chart->asText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(rows.size(), 4);
        QCOMPARE(cellsOf(rows[0]),
                 QStringList({tr("server"), tr("answered"), tr("valid cookie"), tr("no cookie"),
                              tr("its server down")}));
        for (std::size_t replica = 0; replica < 3; ++replica) {
            const auto& ledger = lane.replicas[replica].ledger;
            const QStringList cells = cellsOf(rows[static_cast<qsizetype>(replica) + 1]);
            QCOMPARE(cells[1].toULongLong(), lane.replicas[replica].requests);
            QCOMPARE(cells[2].toULongLong(), ledger[static_cast<std::size_t>(Ledger::valid)]);
            QCOMPARE(cells[3].toULongLong(), ledger[static_cast<std::size_t>(Ledger::fresh)]);
            QCOMPARE(cells[4].toULongLong(), ledger[static_cast<std::size_t>(Ledger::down)]);
            QCOMPARE(cells[2].toULongLong() + cells[3].toULongLong() + cells[4].toULongLong(),
                     cells[1].toULongLong());
        }
        // Where its bar is filled in the replica's colour, the cookie named it.
        const QImage picture = chart->plot()->toPixmap().toImage();
        const QPointF within(chart->plot()->xAxis->coordToPixel(2),
                             chart->plot()->yAxis->coordToPixel(0.5));
        QCOMPARE(picture.pixelColor(within.toPoint()), replicaColour(0));
        const QString words = wordsUnder(chart, 2, 0.5);
        QVERIFY2(words.contains(tr("the sticky cookie named a server that was up")),
                 qPrintable(words));
    }

    void whoServedWhomIsATable()
    {
        choose("timeline-0", tr("Who served whom"));
        QVERIFY(isThere("serving-0") && isThere("serving-1") && !isThere("timeline-0"));
        const auto end = snapshot();
        const LaneResult& lane = end->lanes[0].result;
        auto* chart = find<ChartCard>("serving-0");
        const QStringList rows = chart->asText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(rows.size(), 7);
        Count sum = 0;
        for (std::size_t client = 0; client < 6; ++client) {
            const QStringList cells = cellsOf(rows[static_cast<qsizetype>(client) + 1]);
            QCOMPARE(cells[0], QString::fromStdString(lane.clients[client].name));
            for (qsizetype replica = 1; replica <= 3; ++replica)
                sum += cells[replica].toULongLong();
        }
        QCOMPARE(sum, lane.answered);
        const QString words = wordsUnder(chart, 0.5, 2.5);
        QVERIFY2(words.startsWith(QStringLiteral("client-3 was answered ")), qPrintable(words));
    }

    void everyChartSaysWhatIsUnderThePointer()
    {
        QTRY_VERIFY(
            wordsUnder(find<ChartCard>("share-0"), 10, 0.1).contains(QStringLiteral("server-2: ")));
        QTRY_VERIFY(wordsUnder(find<ChartCard>("timeline-1"), 30.5, 0.5)
                        .startsWith(QStringLiteral("client-1 at 30.")));
        QTRY_COMPARE(wordsUnder(find<ChartCard>("timeline-1"), -5, 0.5), QString());
    }

    // Those of another place change places with it, and the next window has them again.
    void aMarkSaysWhatItIsWhereItsLineIs()
    {
        const QString words = wordsUnder(find<ChartCard>("share-1"), 20, 0.5);
        QVERIFY2(words.contains(QStringLiteral("server-2 stopped")), qPrintable(words));
        const QString beside = wordsUnder(find<ChartCard>("share-1"), 30, 0.5);
        QVERIFY2(!beside.contains(QStringLiteral("stopped")), qPrintable(beside));
    }

    void chosenChartsStay()
    {
        choose("share-0", tr("Clients over time"));
        QVERIFY(isThere("share-0") && isThere("timeline-0"));
        QVERIFY(find<ChartCard>("timeline-0")->x() < find<ChartCard>("share-0")->x());
        choose("share-1", tr("Who served whom"));
        QCOMPARE(QSettings().value(QStringLiteral("charts")).toStringList(),
                 QStringList({QStringLiteral("timeline"), QStringLiteral("serving")}));
        ComparisonView again(nullptr);
        again.setLanes({QStringLiteral("one")}, {QString()});
        QVERIFY(again.findChild<ChartCard*>(QStringLiteral("serving-0")));
        QVERIFY(!again.findChild<ChartCard*>(QStringLiteral("share-0")));
    }

    void settingsOfAnotherKindAreNoHarm()
    {
        QSettings().setValue(QStringLiteral("charts"),
                             QStringList({QStringLiteral("share"), QStringLiteral("share")}));
        ComparisonView view(nullptr);
        view.setLanes({QStringLiteral("one")}, {QString()});
        QVERIFY(view.findChild<ChartCard*>(QStringLiteral("share-0")));
        QVERIFY(view.findChild<ChartCard*>(QStringLiteral("timeline-0")));
    }

    void valuesAreCopiedAndSaved()
    {
        QTemporaryDir folder;
        choose("share-0", tr("Copy values"));
        auto* chart = find<ChartCard>("share-0");
        QCOMPARE(QApplication::clipboard()->text(), chart->asText());
        const QString path = folder.filePath(QStringLiteral("shares"));
        saveTo(path);
        choose("share-0", tr("Save values…"));
        QCOMPARE(contentsOf(path + QStringLiteral(".csv")), asCsv(chart->asText()).toUtf8());
        saveTo(folder.filePath(QStringLiteral("shares.tsv")));
        choose("share-0", tr("Save values…"));
        QCOMPARE(contentsOf(folder.filePath(QStringLiteral("shares.tsv"))),
                 chart->asText().toUtf8());
        QString said;
        saveTo(folder.filePath(QStringLiteral("nowhere/shares.csv")));
        answerMessage(said);
        choose("share-0", tr("Save values…"));
        QVERIFY2(said.contains(QStringLiteral("nowhere/shares.csv")), qPrintable(said));
    }

    void cellsAreQuotedWhereCsvAsksForIt()
    {
        QCOMPARE(asCsv(QStringLiteral("a,b\tc \"d\"\n1\t2\n")),
                 QStringLiteral("\"a,b\",\"c \"\"d\"\"\"\r\n1,2\r\n"));
        QCOMPARE(asCsv(QStringLiteral("=1+1\t+a\t-b\t@c\t-5\n")),
                 QStringLiteral("'=1+1,'+a,'-b,'@c,-5\r\n"));
    }

    void picturesAreOfEveryKind()
    {
        QTemporaryDir folder;
        auto* chart = find<ChartCard>("share-1");
        const QString png = folder.filePath(QStringLiteral("chart.png"));
        saveTo(png);
        choose("share-1", tr("Save as picture…"));
        const QImage picture(png);
        QCOMPARE(picture.width(), 2 * chart->plot()->width());
        QVERIFY(picture.height() > 2 * chart->plot()->height());
        const QString svg = folder.filePath(QStringLiteral("chart"));
        saveTo(svg, tr("Scalable pictures (*.svg)"));
        choose("share-1", tr("Save as picture…"));
        QXmlStreamReader xml(contentsOf(svg + QStringLiteral(".svg")));
        QString letters;
        while (!xml.atEnd()) {
            if (xml.readNext() == QXmlStreamReader::Characters)
                letters += xml.text();
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY2(letters.contains(chart->title()), qPrintable(letters));
        const QString pdf = folder.filePath(QStringLiteral("chart.pdf"));
        saveTo(pdf);
        choose("share-1", tr("Save as picture…"));
        QVERIFY(contentsOf(pdf).startsWith("%PDF-"));
    }

    void theWindowIsSavedAsItIsSeen()
    {
        QTemporaryDir folder;
        const QString png = folder.filePath(QStringLiteral("both.png"));
        auto* view = window().findChild<ComparisonView*>();
        saveTo(png);
        view->savePicture(QStringLiteral("both"));
        const QImage picture(png);
        QCOMPARE(picture.size(), 2 * view->size());
        // A replica's bar in a chart is there, too, and in its place.
        auto* chart = find<ChartCard>("timeline-1");
        const QPoint corner = chart->plotCorner(view);
        const QRect inside(2 * corner, 2 * chart->plot()->size());
        bool found = false;
        for (int x = inside.left(); x < inside.right() && !found; ++x)
            found = picture.pixelColor(x, inside.center().y()) == replicaColour(2);
        QVERIFY(found);
    }

    void resultsAreTheCommandLinesDocument()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("results.json"));
        auto* menu = find<QPushButton>("menu")->menu();
        saveTo(path);
        for (QAction* action : menu->actions()) {
            if (action->text() == tr("Save results…"))
                action->trigger();
        }
        const auto scenario = std::make_shared<Scenario>(test::defaultScenario());
        QCOMPARE(contentsOf(path), QByteArray::fromStdString(toJson(test::run(scenario))));
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<ChartsTest>(argc, argv);
}

#include "charts_test.moc"
