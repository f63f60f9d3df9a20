// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Very many requests at once: for how many of them a dot stands, and that a stage says it.
#include "tests/gui/window_fixture.h"
#include "ui/stage/dot_scale.h"
#include "ui/stage/lane_stage.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace stickyscope;
using namespace std::chrono_literals;

class DotsTest : public test::WindowFixture
{
    Q_OBJECT

private:
    static DotScale scaleOf(std::size_t requests)
    {
        DotScale scale;
        scale.update(requests);
        return scale;
    }

    // Of `requests` on a way that a client in `clients` takes, each with the same ordinal.
    static int drawn(const DotScale& scale, std::uint32_t clients, std::uint32_t apart)
    {
        int count = 0;
        for (std::uint32_t client = 0; client < clients; client += apart)
            count += scale.draws(static_cast<ClientIndex>(client), 7) ? 1 : 0;
        return count;
    }

    LaneStage& stage(const char* name) { return *find<LaneStage>(name); }

private slots:
    void cleanup() { closeWindow(); }

    void stepsAreOneTwoFiveAndNeverTooFine()
    {
        const std::vector<std::pair<std::size_t, std::uint32_t>> rows {
            {0, 1},         {500, 1},        {501, 2},          {1000, 2},     {1001, 5},
            {2501, 10},     {5001, 20},      {10'001, 50},      {25'001, 100}, {50'001, 200},
            {100'001, 500}, {250'001, 1000}, {1'000'000, 2000},
        };
        for (const auto& [requests, perDot] : rows)
            QCOMPARE(scaleOf(requests).requestsPerDot(), perDot);
    }

    void aCrowdAtTheEdgeDoesNotFlicker()
    {
        DotScale scale = scaleOf(501);
        for (int picture = 0; picture < 10 * DotScale::patience; ++picture) {
            scale.update(picture % 2 == 0 ? 450 : 501);
            QCOMPARE(scale.requestsPerDot(), 2U);
        }
        // Bursts: between two of them there is not time enough to go back.
        for (int picture = 0; picture < 10 * DotScale::patience; ++picture) {
            scale.update(picture % (DotScale::patience / 2) == 0 ? 4000 : 0);
            QCOMPARE(scale.requestsPerDot(), 10U);
        }
        for (int picture = 0; picture < DotScale::patience; ++picture)
            scale.update(300);
        QCOMPARE(scale.requestsPerDot(), 1U);
    }

    void everyWayHasItsShare()
    {
        for (const std::uint32_t requests : {600U, 3000U, 12'000U, 80'000U}) {
            const DotScale scale = scaleOf(requests);
            // Round robin gives a server every third client, or fifth.
            for (const std::uint32_t servers : {1U, 2U, 3U, 5U, 8U, 10U}) {
                const double exact = double(requests) / servers / scale.requestsPerDot();
                const int dots = drawn(scale, requests, servers);
                QVERIFY2(std::abs(dots - exact) <= 3,
                         qPrintable(QStringLiteral("%1 for %2 of %3 on %4")
                                        .arg(dots)
                                        .arg(exact)
                                        .arg(requests)
                                        .arg(servers)));
            }
            // One client with everything in flight.
            int dots = 0;
            for (std::uint32_t ordinal = 0; ordinal < requests; ++ordinal)
                dots += scale.draws(ClientIndex {3}, ordinal) ? 1 : 0;
            QVERIFY(std::abs(dots - double(requests) / scale.requestsPerDot()) <= 3);
        }
    }

    void aFinerScaleDrawsWhatACoarserOneDraws()
    {
        const DotScale one = scaleOf(1);
        const DotScale two = scaleOf(600);
        const DotScale five = scaleOf(2000);
        for (std::uint32_t client = 0; client < 2000; ++client) {
            const auto index = static_cast<ClientIndex>(client);
            QVERIFY(one.draws(index, client));
            QVERIFY(!five.draws(index, client) || two.draws(index, client));
        }
    }

    void aCrowdIsDrawnToScaleAndTheStageSaysSo()
    {
        openWindow();
        Scenario crowd = test::defaultScenario();
        crowd.clients.front().count = 4000;
        crowd.duration = 600s;
        for (ReplicaSpec& replica : crowd.replicas)
            replica.slotCount = 400;
        session().open(crowd);
        session().setSpeed(10);
        session().play();
        const QRegularExpression words(QStringLiteral("1 dot = [1-9]\\d* requests"));
        QTRY_VERIFY(words.match(stage("stage-0").accessibleDescription()).hasMatch());
        QTRY_COMPARE(words.match(stage("stage-1").accessibleDescription()).captured(),
                     words.match(stage("stage-0").accessibleDescription()).captured());
        session().pause();
        // Beyond the clients whose rows are shown, and whose answers are kept, they count as well.
        const auto shown = snapshot();
        for (const LaneSnapshot& lane : shown->lanes) {
            std::size_t inService = 0;
            for (const ReplicaPicture& replica : lane.replicas)
                inService += replica.inService;
            QVERIFY(lane.flights.size() >= inService);
            QVERIFY(std::any_of(lane.flights.begin(), lane.flights.end(),
                                [](const Flight& flight) { return raw(flight.client) >= 1000; }));
            const auto requests = std::accumulate(
                lane.result.replicas.begin(), lane.result.replicas.end(), Count {0},
                [](Count sum, const ReplicaResult& one) { return sum + one.requests; });
            QCOMPARE(requests, lane.result.answered);
        }
        // Somebody without a row has a dot.
        bool beyond = false;
        for (const Flight& flight : shown->lanes[0].flights)
            beyond = beyond || (raw(flight.client) > 100 && stage("stage-0").dotOf(flight.client));
        QVERIFY(beyond);
        // Another run begins with a dot each.
        session().open(test::defaultScenario());
        QTRY_VERIFY(!words.match(stage("stage-0").accessibleDescription()).hasMatch());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<DotsTest>(argc, argv);
}

#include "dots_test.moc"
