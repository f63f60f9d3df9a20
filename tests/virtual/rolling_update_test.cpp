// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What clients see of a rolling update, in a model that is asked for it by its file or by hand.
#include "sim/experiment/experiment.h"
#include "sim/formats/scenario_yaml.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Scenario> people(const std::string& timeline, const std::string& sessions = "")
{
    const std::string end = sessions.empty() ? "}" : ", sessions: " + sessions + "}";
    return scenarioFrom(
        "version: 1\nduration: 120s\nreplicas: [{name: a" + end + ", {name: b" + end + ", {name: c"
        + end
        + "]\nbalancer: {product: traefik, sticky: {cookie: lb}}\nclients: [{name: people, "
          "kind: browser, count: 9, session: {requests: 0}, think-time: 1s}]\n"
          "lanes: [{name: one}]\ntimeline: ["
        + timeline + "]\n");
}

Experiment played(const std::shared_ptr<Scenario>& scenario)
{
    Experiment experiment = makeVirtualExperiment(scenario, {.history = true});
    experiment.advance(120s);
    return experiment;
}

LaneResult resultOf(const std::shared_ptr<Scenario>& scenario)
{
    return played(scenario).result().lanes[0];
}

std::vector<std::string> marksOf(const Experiment& experiment)
{
    const auto snapshot = experiment.snapshot(); // held while it is read
    std::vector<std::string> texts;
    for (const Mark& mark : snapshot->lanes[0].marks)
        texts.push_back(mark.text);
    return texts;
}

std::uint64_t requestsOf(const LaneResult& lane, std::size_t replica)
{
    return lane.replicas[replica].requests;
}

} // namespace

TEST_CASE("A rolling update that comes back at the same addresses loses what was in memory")
{
    const std::string update = "{at: 30s, rolling-update: {every: 10s, starts-in: 0s}}";
    const LaneResult inMemory = resultOf(people(update));
    CHECK(inMemory.sessionsLost.value() >= 9);
    CHECK(inMemory.failed < 9); // who was on its way; the balancer is told in time
    CHECK(inMemory.replicas.size() == 3);
    const LaneResult shared = resultOf(people(update, "shared"));
    CHECK(shared.sessionsLost.value() == 0);
}

TEST_CASE("A rolling update to new addresses leaves the old ones without a request")
{
    const LaneResult lane = resultOf(
        people("{at: 30s, rolling-update: {every: 10s, starts-in: 0s, addresses: new}}", "shared"));
    REQUIRE(lane.replicas.size() == 6);
    CHECK(lane.replicas[3].name == "a-v2");
    CHECK(lane.failed < 9);
    for (std::size_t next = 3; next < 6; ++next)
        CHECK(requestsOf(lane, next) > 0);
    CHECK(lane.cookiesSet >= 18); // every client's cookie has named a server that is gone
}

TEST_CASE("A rolling update is one mark, and what happens after it has its own again")
{
    for (const char* addresses : {"same", "new"}) {
        CAPTURE(addresses);
        const Experiment experiment =
            played(people("{at: 30s, rolling-update: {every: 5s, addresses: "
                          + std::string(addresses) + "}}, {at: 60s, drain: c}"));
        CHECK(marksOf(experiment) == std::vector<std::string> {"rolling update", "c draining"});
    }
}

TEST_CASE("By hand it is the same as in the timeline, and a copy goes on with it")
{
    const auto scenario = people("");
    Experiment byHand = makeVirtualExperiment(scenario, {.history = true});
    byHand.advance(30s);
    byHand.apply(people("{at: 30s, rolling-update: all}")->timeline[0].intervention);
    byHand.advance(11s);
    auto copy = byHand.clone();
    REQUIRE(copy);
    copy->advance(79s);
    const LaneResult timeline = resultOf(people("{at: 30s, rolling-update: all}"));
    CHECK(copy->result().lanes[0].requests == timeline.requests);
    CHECK(copy->result().lanes[0].sessionsLost == timeline.sessionsLost);
    CHECK(timeline.sessionsLost.value() > 0);
}

TEST_CASE("A replica that is removed is not asked any more, and start brings it back")
{
    const LaneResult lane =
        resultOf(people("{at: 30s, remove: a}, {at: 60s, start: a}, {at: 61s, remove: b}, "
                        "{at: 61s, remove: c}"));
    // Whoever was on its way is lost with it; nobody else fails.
    CHECK(lane.failed <= 9);
    CHECK(requestsOf(lane, 0) > requestsOf(lane, 1));
}

TEST_CASE("What updates bring has to join behind all others")
{
    const auto refused = [](const std::string& timeline) {
        const auto read = readScenario(
            "version: 1\nreplicas: [{name: a}, {name: late, joins: 25s}]\nbalancer: {product: "
            "traefik}\nclients: [{name: x, kind: curl}]\ntimeline: ["
                + timeline + "]\n",
            "file");
        return read ? std::string() : read.error();
    };
    const std::string why =
        "file:5:11: timeline: a rolling update to new addresses begins when all "
        "other replicas have joined, and ends before the next one begins";
    CHECK(refused("{at: 20s, rolling-update: {addresses: new}}") == why);
    CHECK(refused("{at: 30s, rolling-update: {addresses: new}}").empty());
    CHECK(refused("{at: 20s, rolling-update: {addresses: same}}").empty());
    CHECK(refused("{at: 30s, rolling-update: {every: 20s, addresses: new}}, "
                  "{at: 35s, rolling-update: {addresses: new}}")
          == why);
}

TEST_CASE("Lanes have the same replicas, those of updates included")
{
    const auto with = [](const std::string& addresses) {
        return readScenario("version: 1\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n"
                            "clients: [{name: x, kind: curl}]\ntimeline: [{at: 1s, rolling-update: "
                            "{addresses: new}}]\nlanes: [{name: one}, {name: two, with: {timeline: "
                            "[{at: 2s, rolling-update: {addresses: "
                                + addresses + "}}]}}]\n",
                            "file");
    };
    CHECK(with("new"));
    CHECK(!with("same"));
}
