// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/recording_sink.h"

#include "sim/formats/result_json.h"
#include "tests/support/scenarios.h"

#include <array>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

/// Takes down how often it was told what.
class Notes final : public RecordingSink
{
public:
    void observed(std::size_t lane, std::span<const Observation> observations, const Cast& cast,
                  const TextTable&) override
    {
        CHECK(cast.clients.size() == 6);
        CHECK(lane < 2);
        if (observations.empty())
            ++introduced.at(lane);
        for (const Observation& one : observations) {
            CHECK(one.at > now);
            answered.at(lane) += one.kind == ObservationKind::answered ? 1 : 0;
            flights += one.kind == ObservationKind::sent ? 1 : 0;
        }
    }
    void intervened(Instant at, const Intervention&) override { byHand.push_back(at); }
    void reached(Instant until) override { now = until; }

    std::array<int, 2> introduced {};
    std::array<Count, 2> answered {};
    Count flights = 0;
    std::vector<Instant> byHand;
    Instant now {};
};

} // namespace

TEST_CASE("An experiment hands a recording all that happens, and is not changed by it")
{
    const auto scenario = shipped("three-replicas.sticky.yaml");
    const auto notes = std::make_shared<Notes>();
    Experiment experiment = makeVirtualExperiment(scenario, {.recording = notes});
    CHECK(notes->introduced == std::array<int, 2> {1, 1});
    while (!experiment.finished())
        experiment.advance(700ms);
    const ExperimentResult result = experiment.result();
    CHECK(toJson(result) == toJson(run(scenario)));
    CHECK(notes->answered[0] == result.lanes[0].answered);
    CHECK(notes->answered[1] == result.lanes[1].answered);
    CHECK(notes->flights >= result.lanes[0].requests + result.lanes[1].requests);
    CHECK(notes->now == Instant(60s));
}

TEST_CASE("What is done by hand is noted, and a copy is not recorded")
{
    const auto scenario = shipped("three-replicas.sticky.yaml");
    const auto notes = std::make_shared<Notes>();
    Experiment experiment = makeVirtualExperiment(scenario, {.recording = notes});
    experiment.advance(5s);
    experiment.apply({.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {0}});
    CHECK(notes->byHand == std::vector<Instant> {Instant(5s)});
    auto copy = experiment.clone();
    REQUIRE(copy);
    copy->apply({.kind = Intervention::Kind::startReplica, .replica = ReplicaIndex {0}});
    copy->advance(20s);
    CHECK(notes->byHand.size() == 1);
    CHECK(notes->now == Instant(5s));
}
