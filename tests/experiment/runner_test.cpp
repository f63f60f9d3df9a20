// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/runner.h"

#include "sim/formats/result_json.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <thread>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Scenario> scenario()
{
    return scenarioFrom(R"(
version: 1
seed: 5
duration: 40s
travel: 20ms
replicas: [{name: a}, {name: b}, {name: c}]
balancer: {product: traefik, health-check: {every: 2s}}
clients: [{name: x, kind: browser, count: 8, think-time: {exponential: 300ms}}]
timeline: [{at: 20s, stop: b}]
)");
}

// Waits for a condition on the newest snapshot; fails the test after ten seconds.
template <typename Condition>
std::shared_ptr<const Snapshot> waitFor(Runner& runner, Condition condition)
{
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    auto snapshot = runner.snapshot();
    while (!condition(*snapshot)) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::yield();
        snapshot = runner.snapshot();
    }
    return snapshot;
}

std::string figures(const Snapshot& snapshot)
{
    ExperimentResult result = snapshot.result;
    for (const LaneSnapshot& lane : snapshot.lanes)
        result.lanes.push_back(lane.result);
    return toJson(result);
}

} // namespace

TEST_CASE("As fast as possible, the window's figures are those of the command line")
{
    const auto shared = scenario();
    Runner runner([shared] { return makeVirtualExperiment(shared, {.history = true}); });
    runner.setSpeed(Runner::asFastAsPossible);
    runner.play();
    const auto end = waitFor(runner, [](const Snapshot& snapshot) { return snapshot.finished; });
    CHECK(figures(*end) == toJson(run(shared)));
}

TEST_CASE("Going back and on again gives the same run, also what was done by hand")
{
    const auto shared = scenario();
    Runner runner([shared] { return makeVirtualExperiment(shared, {.history = true}); });
    runner.setSpeed(Runner::asFastAsPossible);
    runner.apply({.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {0}});
    runner.play();
    const auto first = waitFor(runner, [](const Snapshot& snapshot) { return snapshot.finished; });
    runner.goBack(13s);
    const auto middle =
        waitFor(runner, [](const Snapshot& snapshot) { return !snapshot.finished; });
    CHECK(middle->now == Instant(27s));
    runner.play();
    const auto again = waitFor(runner, [](const Snapshot& snapshot) { return snapshot.finished; });
    CHECK(figures(*first) == figures(*again));
    runner.reset();
    const auto start =
        waitFor(runner, [](const Snapshot& snapshot) { return snapshot.now == Instant {}; });
    CHECK(start->lanes[0].result.requests == 0);
}

TEST_CASE("What is taken back was never done, and what was done before it stays")
{
    const auto shared = scenario();
    const auto make = [shared] { return makeVirtualExperiment(shared, {.history = true}); };
    const auto whole = [](Runner& runner) {
        runner.setSpeed(Runner::asFastAsPossible);
        runner.play();
        return figures(
            *waitFor(runner, [](const Snapshot& snapshot) { return snapshot.finished; }));
    };
    const Intervention stopFirst {.kind = Intervention::Kind::stopReplica,
                                  .replica = ReplicaIndex {0}};
    Runner plain(make);
    plain.apply(stopFirst);
    const std::string expected = whole(plain);
    Runner runner(make);
    CHECK_FALSE(runner.takeBack());
    runner.apply(stopFirst);
    runner.apply({.kind = Intervention::Kind::drainReplica, .replica = ReplicaIndex {2}});
    CHECK(whole(runner) != expected);
    CHECK(runner.byHand().size() == 2);
    CHECK(runner.takeBack()->kind == Intervention::Kind::drainReplica);
    waitFor(runner, [](const Snapshot& snapshot) { return !snapshot.finished; });
    CHECK(runner.byHand().size() == 1);
    CHECK(whole(runner) == expected);
}

TEST_CASE("Whether pictures are kept changes no figure")
{
    const auto shared = scenario();
    const auto plainly = toJson(run(shared));
    Experiment pictured = makeVirtualExperiment(shared, {.history = true});
    pictured.advance(shared->duration);
    CHECK(toJson(pictured.result()) == plainly);
}

TEST_CASE("A step goes to the next event and no further")
{
    const auto shared = scenario();
    Runner runner([shared] { return makeVirtualExperiment(shared, {}); });
    runner.step();
    const auto after = waitFor(runner, [](const Snapshot&) { return true; });
    CHECK(after->now <= Instant(1s));
    CHECK_FALSE(runner.playing());
}

TEST_CASE("A paused runner does not move, and a playing one moves with the clock")
{
    const auto shared = scenario();
    Runner runner([shared] { return makeVirtualExperiment(shared, {}); });
    CHECK(waitFor(runner, [](const Snapshot&) { return true; })->now == Instant {});
    runner.setSpeed(60);
    runner.play();
    waitFor(runner, [](const Snapshot& snapshot) { return snapshot.now > Instant(1s); });
    runner.pause();
    CHECK_FALSE(runner.playing());
}

TEST_CASE("A snapshot's pictures agree with its figures")
{
    const auto shared = scenario();
    Experiment experiment = makeVirtualExperiment(shared, {.history = true});
    experiment.advance(33s);
    const auto snapshot = experiment.snapshot();
    for (const LaneSnapshot& lane : snapshot->lanes) {
        Count answered = 0;
        Count failed = 0;
        for (const ShareCell& cell : lane.share) {
            failed += cell.failed;
            for (const auto count : cell.answered)
                answered += count;
        }
        CHECK(answered == lane.result.answered);
        CHECK(failed == lane.result.failed);
        CHECK(lane.replicas[1].state == ReplicaState::stopped);
        CHECK(lane.replicas[1].noticedDown);
        CHECK(lane.marks.size() == 1);
        CHECK(lane.marks[0].text == "b stopped");
        std::uint32_t inService = 0;
        for (const ReplicaPicture& replica : lane.replicas)
            inService += replica.inService;
        std::uint32_t there = 0;
        for (const Flight& flight : lane.flights)
            there += flight.leg == Flight::Leg::toReplica ? 1 : 0;
        CHECK(inService == there);
    }
}
