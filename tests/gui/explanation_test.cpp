// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys to the answer why a request went where it went.
#include "sim/formats/explanation_text.h"
#include "tests/gui/window_fixture.h"
#include "ui/explain/code_label.h"
#include "ui/explain/explanation_dialog.h"
#include "ui/format.h"
#include "ui/stage/lane_stage.h"

#include <QClipboard>
#include <QDialog>
#include <QPushButton>
#include <QSignalSpy>

using namespace stickyscope;

class ExplanationTest : public test::WindowFixture
{
    Q_OBJECT

private slots:
    void init()
    {
        openWindow();
        click("door-model");
        session().pause();
        session().reset();
    }
    void cleanup() { closeWindow(); }

    void aClickOnAnAnswerTellsWhatTheCommandLineTells()
    {
        runUntil(std::chrono::seconds(23));
        auto* stage = find<LaneStage>("stage-1");
        session().setSpeed(1);
        session().play();
        QSignalSpy asked(stage, &LaneStage::explanationAsked);
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->newestAnswer(1));
        const RequestOf request = requestIn(asked);
        QCOMPARE(request.client, ClientIndex {1});
        auto* dialog = find<ExplanationDialog>("explanation");
        QVERIFY(dialog->isVisible());
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
        QVERIFY(session().playing()); // it pauses nothing
        QCOMPARE(find<QLabel>("explanation-heading")->text(),
                 QStringLiteral("Request %1 of client-2").arg(request.ordinal + 1));
        QVERIFY(!find<QLabel>("explanation-note")->isVisible());
        const auto scenario = std::make_shared<Scenario>(test::defaultScenario());
        const auto expected = explainRequest(scenario, LaneIndex {1}, numberOf(request));
        QVERIFY2(expected, expected.error().c_str());
        QCOMPARE(dialog->text(), fromCore(explanationText(*expected)));
        click("copy-explanation");
        QCOMPARE(QApplication::clipboard()->text(), dialog->text());
        for (const QLabel* label : dialog->findChildren<QLabel*>())
            QVERIFY(label->textFormat() == Qt::PlainText || !label->pixmap().isNull());
        bool shown = false;
        for (const CodeLabel* code : dialog->findChildren<CodeLabel*>())
            shown =
                shown || code->text() == QStringLiteral("Cookie: ") + fromCore(expected->cookie);
        QVERIFY(shown);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!dialog->isVisible());
    }

    void whoDecidesOtherwiseComesFirstAndTheOthersAreFolded()
    {
        runUntil(std::chrono::seconds(23));
        auto* stage = find<LaneStage>("stage-1");
        QSignalSpy asked(stage, &LaneStage::explanationAsked);
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->newestAnswer(1));
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
        const auto scenario = std::make_shared<Scenario>(test::defaultScenario());
        const auto told = explainRequest(scenario, LaneIndex {1}, numberOf(requestIn(asked)));
        QVERIFY2(told, told.error().c_str());
        const std::string own = told->attempts.back().replica;
        std::vector<std::string> triedBefore;
        for (const ExplainedAttempt& attempt : told->attempts)
            triedBefore.push_back(attempt.replica);
        triedBefore.pop_back();
        const auto* same = find<QLabel>("others-same");
        const auto* others = find<QWidget>("others");
        for (const ProductAnswer& answer : told->others) {
            const Verdict& verdict = answer.ofItsOwn();
            const bool alike = verdict.replica == own && verdict.failed == triedBefore;
            const std::vector<QLabel*> named = naming(others, answer);
            // Each once, and those alike in one place.
            QVERIFY2(named.size() == 1, answer.product.c_str());
            QCOMPARE(named.front() == same, alike);
            if (!alike)
                QVERIFY(named.front()->mapTo(others, QPoint()).y() < same->y());
        }
        QVERIFY(!window().findChild<QWidget*>(QStringLiteral("others-all")));
        const QString copied = find<ExplanationDialog>("explanation")->text();
        click("others-fold");
        QTRY_VERIFY(find<QWidget>("others-all")->isVisible());
        int withTheirOwn = 0;
        for (const ProductAnswer& answer : told->others) {
            bool explained = false;
            bool asItCame = !answer.bound;
            for (const QLabel* label : others->findChildren<QLabel*>()) {
                explained = explained || label->text() == fromCore(answer.ofItsOwn().rule);
                asItCame = asItCame || label->text().endsWith(fromCore(answer.rule));
            }
            QVERIFY2(explained && asItCame, answer.product.c_str());
            withTheirOwn += answer.bound ? 1 : 0;
        }
        QVERIFY(withTheirOwn > 5);
        // What is copied has always had all of it.
        QCOMPARE(find<ExplanationDialog>("explanation")->text(), copied);
        click("others-fold");
        QVERIFY(!find<QWidget>("others-all")->isVisible());
    }

    void aDotOnItsWayIsToldToItsEnd()
    {
        runUntil(std::chrono::seconds(10));
        auto* stage = find<LaneStage>("stage-0");
        session().setSpeed(1);
        session().play();
        // One that has just begun to fly, so that it still does when it is clicked.
        QTRY_VERIFY_WITH_TIMEOUT(!stage->dotOf(ClientIndex {2}), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(stage->dotOf(ClientIndex {2}), 20'000);
        const auto dot = stage->dotOf(ClientIndex {2});
        QVERIFY(dot.has_value());
        QTest::mouseClick(stage, Qt::LeftButton, {}, *dot);
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
        QVERIFY(find<QLabel>("explanation-note")
                    ->text()
                    .startsWith(QStringLiteral("It is still on its way")));
        QVERIFY(
            find<ExplanationDialog>("explanation")->text().contains(QStringLiteral("went out")));
    }

    void theKeyboardAsksForAClientsLastAnswer()
    {
        runUntil(std::chrono::seconds(23));
        auto* stage = find<LaneStage>("stage-0");
        QSignalSpy asked(stage, &LaneStage::explanationAsked);
        stage->setFocus();
        for (int down = 0; down < 3; ++down)
            QTest::keyClick(stage, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(stage, Qt::Key_E);
        const RequestOf request = requestIn(asked);
        QCOMPARE(find<QLabel>("explanation-heading")->text(),
                 QStringLiteral("Request %1 of client-3").arg(request.ordinal + 1));
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
    }

    // Not "no sticky cookie" of one, and "names a server" of another, in one breath.
    void eachOfSeveralBalancersTellsOfItsOwnCookie()
    {
        session().open(*test::scenarioFrom(R"(
version: 1
duration: 60s
replicas: [{name: a}, {name: b}]
balancer: {product: traefik, servers: [left, right], sticky: {cookie: edge, path: /}}
balancers:
  - {name: left, product: nginx, servers: [a], sticky: none}
  - {name: right, product: nginx, servers: [b], sticky: none}
clients: [{name: x, kind: browser, count: 2, think-time: 1s, session: {requests: 0}}]
)"));
        session().pause();
        runUntil(std::chrono::seconds(10));
        auto* stage = find<LaneStage>("stage-1");
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->newestAnswer(0));
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
        QStringList said;
        for (const QLabel* label : find<ExplanationDialog>("explanation")->findChildren<QLabel*>())
            said << label->text();
        const QString all = said.join(QLatin1Char('\n'));
        QVERIFY2(all.contains(QStringLiteral("edge is its cookie. Its sticky cookie names ")),
                 qPrintable(all));
        QVERIFY2(said.contains(tr("It has no sticky cookie of its own.")), qPrintable(all));
        QVERIFY2(!all.contains(QStringLiteral("Then:")), qPrintable(all));
        QVERIFY2(all.contains(tr("in the place of the one in front, whose servers are balancers")),
                 qPrintable(all));
        // Those that would pass it on to the same balancer do the same.
        QVERIFY2(!find<QLabel>("others-same")->text().isEmpty(), qPrintable(all));
    }

    void aCookieThatTheClientRefusesIsSaidToBe()
    {
        QVERIFY(window().openFile(QStringLiteral(
            STICKYSCOPE_RESOURCES "/scenarios/failures/secure-cookie-on-plain-http.sticky.yaml")));
        runUntil(std::chrono::seconds(10));
        const auto picture = snapshot();
        for (const ClientPicture& client : picture->lanes[0].clients)
            QCOMPARE(client.cookie, noReplica);
        auto* stage = find<LaneStage>("stage-0");
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->newestAnswer(0));
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
        bool said = false;
        for (const QLabel* label : find<ExplanationDialog>("explanation")->findChildren<QLabel*>())
            said = said || label->text().contains(QStringLiteral("Secure, but the answer came"));
        QVERIFY(said);
    }

    void whatWasDoneByHandIsPartOfTheStory()
    {
        runUntil(std::chrono::seconds(5));
        auto* stage = find<LaneStage>("stage-1");
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->replicaCentre(0));
        QTRY_COMPARE(snapshot()->lanes[1].replicas[0].state, ReplicaState::stopped);
        session().apply({.kind = Intervention::Kind::takeCookies, .client = ClientIndex {4}});
        runUntil(std::chrono::seconds(17));
        session().apply({.kind = Intervention::Kind::startReplica, .replica = ReplicaIndex {0}});
        runUntil(std::chrono::seconds(30));
        QTest::mouseClick(stage, Qt::LeftButton, {}, stage->newestAnswer(4));
        QTRY_VERIFY(find<QPushButton>("copy-explanation")->isEnabled());
        QVERIFY(find<QLabel>("explanation-note")
                    ->text()
                    .contains(QStringLiteral("changed by hand 3 times")));
        // Every answer on show is told as it was.
        const auto run = session().modelRun();
        QVERIFY(run.has_value());
        const auto shown = snapshot();
        for (std::size_t lane = 0; lane < shown->lanes.size(); ++lane) {
            const LaneSnapshot& one = shown->lanes[lane];
            for (std::uint32_t client = 0; client < one.clients.size(); ++client) {
                for (const TrailCell& cell : one.clients[client].trail) {
                    const auto told = explainRequest(
                        run->scenario, static_cast<LaneIndex>(lane),
                        {static_cast<ClientIndex>(client), cell.ordinal}, run->terms);
                    QVERIFY2(told, told.error().c_str());
                    const std::string by =
                        cell.failed ? std::string() : one.cast->replicas[raw(cell.replica)];
                    QCOMPARE(told->attempts.back().replica, by);
                    QCOMPARE(told->session == SessionMark::broken, cell.broken);
                }
            }
        }
    }

private:
    // In full, or one of several names.
    static std::vector<QLabel*> naming(const QWidget* parent, const ProductAnswer& answer)
    {
        const QString name = fromCore(answer.product.substr(0, answer.product.find(" (")));
        std::vector<QLabel*> found;
        for (QLabel* label : parent->findChildren<QLabel*>()) {
            const QString text = label->text();
            if (text == fromCore(answer.product)
                || text.contains(QLatin1Char(' ') + name + QLatin1Char(','))
                || text.endsWith(QStringLiteral(" %1.").arg(name)))
                found.push_back(label);
        }
        return found;
    }

    void runUntil(Duration moment)
    {
        session().setSpeed(60);
        session().play();
        QTRY_VERIFY(snapshot()->now >= Instant(moment));
        session().pause();
        QTRY_VERIFY(shownNow() >= Instant(moment));
    }

    static RequestOf requestIn(const QSignalSpy& asked)
    {
        return {asked.last().at(1).value<ClientIndex>(), asked.last().at(2).value<std::uint32_t>()};
    }

    // In the order of sending, from 1: as the command line counts.
    static std::uint64_t numberOf(RequestOf request)
    {
        const auto scenario = std::make_shared<Scenario>(test::defaultScenario());
        for (std::uint64_t number = 1;; ++number) {
            const auto one = explainRequest(scenario, LaneIndex {1}, number);
            if (!one
                || (one->ordinal == request.ordinal
                    && one->client == "client-" + std::to_string(raw(request.client) + 1)))
                return number;
        }
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<ExplanationTest>(argc, argv);
}

#include "explanation_test.moc"
