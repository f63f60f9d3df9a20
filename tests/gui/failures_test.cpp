// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that fail are no follow-ups: nobody may take "100 %" of these for all.
#include "tests/gui/window_fixture.h"
#include "ui/charts/share_chart.h"
#include "ui/charts/timeline_chart.h"
#include "ui/comparison_words.h"
#include "ui/format.h"
#include "ui/panels/figures_panel.h"
#include "ui/theme/appearance_menu.h"

#include <qcustomplot.h>

#include <cmath>

using namespace stickyscope;

class FailuresTest : public test::WindowFixture
{
    Q_OBJECT

    static QRgb pixel(const QImage& image, int column, std::size_t client, int line)
    {
        return image.pixel(column, static_cast<int>(client) * 5 + line);
    }

private slots:
    // Server-2 stops at 20 s; HAProxy without redispatch answers 503 for it until 35 s.
    void init()
    {
        openWindow();
        click("door-model");
        Scenario scenario = *test::shipped("failures/no-redispatch-answers-503.sticky.yaml");
        scenario.balancer.healthCheck->every = std::chrono::seconds(20);
        session().open(scenario);
        window().appearance().choose(Appearance::light);
        runToTheEnd();
    }
    void cleanup() { closeWindow(); }

    void theFiguresSayHowManyFailedBesideThoseThatMetTheirSession()
    {
        const auto end = snapshot();
        const LaneResult& broken = end->lanes[0].result;
        QVERIFY(broken.failed > 0);
        const QString text = find<FiguresPanel>("figures")->text();
        const QString met = text.section(QStringLiteral("; "), 0, 0);
        QVERIFY2(met.contains(tr("of %1 answered").arg(asCount(broken.followUps))),
                 qPrintable(text));
        QVERIFY2(text.section(QStringLiteral("; "), 1, 1)
                     .contains(QStringLiteral("broken %1 of %2")
                                   .arg(asCount(broken.failed), asCount(broken.requests))),
                 qPrintable(text));
        const QString words = comparisonInWords(*end);
        QVERIFY2(words.contains(tr("of the follow-up requests that were answered met")),
                 qPrintable(words));
        QVERIFY2(
            words.contains(
                tr("%1 of %2 in “broken”").arg(asCount(broken.failed), asCount(broken.requests))),
            qPrintable(words));
    }

    void aClientWhoseRequestsFailIsNotDrawnAsServed()
    {
        const auto end = snapshot();
        const LaneSnapshot& lane = end->lanes[0];
        const QImage image = find<TimelineChart>("timeline-0")->image();
        int failing = 0;
        for (std::size_t client = 0; client < lane.clients.size(); ++client) {
            bool fails = false;
            for (std::size_t column = 0; column < lane.timeline.size(); ++column) {
                const TimelineColumn& cells = lane.timeline[column];
                const TimelineCell cell = client < cells.size() ? cells[client] : TimelineCell {};
                if (cell.failed || cell.replica != noReplica)
                    fails = cell.endsFailed;
                if (!fails && !cell.failed)
                    continue;
                ++failing;
                // A line where the stripe would be, until the next answer.
                const int x = static_cast<int>(column);
                QCOMPARE(pixel(image, x, client, 0), QRgb {0});
                QCOMPARE(pixel(image, x, client, 1), Theme::light().ink.rgba());
            }
        }
        QVERIFY2(failing > 5, qPrintable(QString::number(failing)));
        const QString legend = find<TimelineChart>("timeline-0")->plot()->xAxis->label();
        QVERIFY2(legend.contains(tr("line: failed")), qPrintable(legend));
        QVERIFY(!find<TimelineChart>("timeline-1")->plot()->xAxis->label().contains(tr("failed")));
    }

    void failuresStandAboveWhatWasAnsweredAndSayWhere()
    {
        const auto end = snapshot();
        const auto* chart = find<ShareChart>("share-0");
        const double step = chart->timeAt(1) - chart->timeAt(0);
        double failed = 0;
        double atTheDead = 0;
        for (std::size_t place = 0; place < chart->places(); ++place) {
            for (std::size_t row = 0; row <= 3; ++row)
                failed += chart->failedAt(row, place) * step;
            atTheDead += chart->failedAt(1, place) * step;
        }
        QCOMPARE(std::lround(failed), static_cast<long>(end->lanes[0].result.failed));
        QCOMPARE(std::lround(atTheDead), static_cast<long>(end->lanes[0].result.failed));
        const auto* legend = chart->plot()->xAxis;
        QVERIFY2(legend->label().contains(tr("hatched: failed")), qPrintable(legend->label()));
        const QString head = chart->asText().section(QLatin1Char('\n'), 0, 0);
        QVERIFY2(head.contains(tr("failed at server-2")), qPrintable(head));
        // Hatched in ink, above the colours.
        const QImage picture = chart->plot()->toPixmap().toImage();
        const int x = static_cast<int>(chart->plot()->xAxis->coordToPixel(22));
        bool inked = false;
        for (int dx = -4; dx <= 4; ++dx) {
            for (int y = chart->plot()->axisRect()->top();
                 y < chart->plot()->axisRect()->bottom() && !inked; ++y)
                inked = picture.pixelColor(x + dx, y) == Theme::light().ink;
        }
        QVERIFY(inked);
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<FailuresTest>(argc, argv);
}

#include "failures_test.moc"
