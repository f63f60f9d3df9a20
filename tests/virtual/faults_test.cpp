// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with replicas, and what clients see of it.
#include "sim/model/replica_faults.h"
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

/// Two replicas with one slot each, whose service takes 100 ms; `clients` of "x" send on a beat.
struct Trial
{
    std::string replica; ///< more about the first, "a"
    std::string balancer = "product: plain";
    std::string client = "every: 1s";
    std::string timeline; ///< from 10 s on
    std::string replicas = "{name: b, service-time: 100ms}";

    std::shared_ptr<Scenario> scenario() const
    {
        return scenarioFrom("version: 1\nduration: 60s\nreplicas: [{name: a, service-time: 100ms"
                            + (replica.empty() ? "" : ", " + replica) + "}"
                            + (replicas.empty() ? "" : ", " + replicas) + "]\nbalancer: {"
                            + balancer + "}\nclients: [{name: x, kind: curl, " + client
                            + "}]\nlanes: [{name: one}]\n"
                            + (timeline.empty() ? "" : "timeline: [" + timeline + "]\n"));
    }
    std::vector<Observation> all() const
    {
        VirtualWorld world(scenario(), LaneIndex {0});
        Recorder recorder;
        world.advance(Instant(60s), recorder);
        return recorder.all;
    }
    std::vector<Observation> ends() const
    {
        std::vector<Observation> some = all();
        std::erase_if(some, [](const Observation& one) {
            return one.kind != ObservationKind::answered && one.kind != ObservationKind::failed;
        });
        return some;
    }
};

/// All that "a" alone answered, or failed at.
std::vector<Observation> alone(Trial trial)
{
    trial.replicas.clear();
    return trial.ends();
}

int failed(const std::vector<Observation>& ends, Failure why)
{
    return static_cast<int>(std::count_if(ends.begin(), ends.end(), [why](const Observation& one) {
        return one.kind == ObservationKind::failed && one.failure == why;
    }));
}

int noticed(const std::vector<Observation>& all, ObservationKind kind)
{
    return static_cast<int>(std::count_if(
        all.begin(), all.end(), [kind](const Observation& one) { return one.kind == kind; }));
}

} // namespace

TEST_CASE("Latency is added to the service, with its jitter, and ends with its time")
{
    const auto ends =
        alone({.timeline = "{at: 10s, latency: {of: a, add: 200ms, jitter: 50ms, for: "
                           "20s}}"});
    REQUIRE(ends.size() >= 58);
    Duration least = 1h;
    Duration most {};
    for (const Observation& one : ends) {
        const Instant began = one.at - one.value;
        if (began < Instant(10s) || began >= Instant(30s)) {
            CHECK(one.value == 100ms);
            continue;
        }
        least = std::min(least, one.value);
        most = std::max(most, one.value);
    }
    CHECK(least >= 250ms);
    CHECK(least < 275ms);
    CHECK(most <= 350ms);
    CHECK(most > 325ms);
}

TEST_CASE("A narrow line takes an answer's size divided by its rate longer")
{
    for (const Observation& one :
         alone({.replica = "answer-size: 5000, faults: {bandwidth: {octets-per-second: 20000}}"}))
        CHECK(one.value == 350ms);
}

TEST_CASE("Slices and a slow close make an answer end later")
{
    for (const Observation& one :
         alone({.replica = "answer-size: 5000, faults: {slicer: {octets: 1000, pause: 50ms}}"}))
        CHECK(one.value == 300ms);
    for (const Observation& one : alone({.replica = "faults: {slow-close: {delay: 250ms}}"}))
        CHECK(one.value == 350ms);
}

TEST_CASE("A slow start falls linearly to the usual time, after each start")
{
    const auto ends = alone({.replica = "faults: {slow-start: {times: 5, for: 20s}}",
                             .timeline = "{at: 30s, stop: a}, {at: 40s, start: a}"});
    for (const Observation& one : ends) {
        if (one.kind != ObservationKind::answered)
            continue;
        const Duration began = (one.at - one.value).time_since_epoch();
        const Duration since = began >= 40s ? began - 40s : began;
        const double left = std::max(0.0, 1 - std::chrono::duration<double>(since).count() / 20);
        CHECK(std::chrono::duration<double>(one.value).count()
              == doctest::Approx(0.1 * (1 + 4 * left)));
    }
}

TEST_CASE("Some requests are reset, in the place of their answer; the balancer says 502")
{
    const auto ends = alone({.replica = "faults: {reset: {share: 0.25}}",
                             .balancer = "product: traefik",
                             .client = "every: 50ms"});
    CHECK(ends.size() > 1100);
    const double share = failed(ends, Failure::balancer502) / static_cast<double>(ends.size());
    CHECK(std::abs(share - 0.25) < 0.07);
}

TEST_CASE("Errors come from the replica, which checks find well")
{
    const Trial trial {.balancer = "product: traefik, health-check: {every: 1s}",
                       .client = "every: 100ms",
                       .timeline = "{at: 10s, errors: {of: a, status: 503, for: 20s}}"};
    const auto all = trial.all();
    CHECK(noticed(all, ObservationKind::noticedDown) == 0);
    int errors = 0;
    for (const Observation& one : all) {
        if (one.kind != ObservationKind::answered)
            continue;
        const bool during = one.at >= Instant(10s) && one.at < Instant(30s);
        const bool error = one.status == 503;
        CHECK(error == (during && one.replica == ReplicaIndex {0}));
        errors += error ? 1 : 0;
    }
    CHECK(errors > 50);
}

TEST_CASE("A WebSocket whose handshake gets an error does not open")
{
    const auto scenario = scenarioFrom(R"(
version: 1
replicas: [{name: a, faults: {errors: {}}}]
balancer: {product: traefik}
clients: [{name: x, kind: websocket, count: 3}]
lanes: [{name: one}]
)");
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(60s), recorder);
    CHECK(noticed(recorder.all, ObservationKind::answered) > 10);
    CHECK(noticed(recorder.all, ObservationKind::opened) == 0);
}

TEST_CASE("What a black hole swallows is answered 504 once the balancer has waited long enough")
{
    const auto ends = alone({.balancer = "product: traefik, answer-timeout: 3s",
                             .timeline = "{at: 10s, black-hole: {of: a, for: 20s}}"});
    CHECK(failed(ends, Failure::balancer504) >= 16);
    for (const Observation& one : ends) {
        if (one.failure == Failure::balancer504)
            CHECK(one.value == 3s);
    }
    // What still hangs when it ends is reset.
    CHECK(failed(ends, Failure::balancer502) >= 2);
}

TEST_CASE("A balancer that waits for ever hangs until the fault ends; nginx goes on to the next")
{
    const auto ever = alone(
        {.balancer = "product: traefik", .timeline = "{at: 10s, black-hole: {of: a, for: 20s}}"});
    CHECK(failed(ever, Failure::balancer504) == 0);
    CHECK(failed(ever, Failure::balancer502) == 20);
    const auto next = Trial {.balancer = "product: nginx, answer-timeout: 2s",
                             .timeline = "{at: 10s, black-hole: a}"}
                          .ends();
    CHECK(failed(next, Failure::balancer504) == 0);
    CHECK(std::any_of(next.begin(), next.end(), [](const Observation& one) {
        return one.kind == ObservationKind::answered && one.value == 2100ms;
    }));
}

TEST_CASE("What a paused replica had begun goes on where it was when it resumes")
{
    const auto ends = alone({.replica = "slots: 1",
                             .client = "every: 1s, count: 1",
                             .timeline = "{at: 10s, pause: a}, {at: 14s, resume: a}"});
    Duration longest {};
    for (const Observation& one : ends) {
        CHECK(one.kind == ObservationKind::answered);
        CHECK((one.at <= Instant(10s) || one.at > Instant(14s)));
        longest = std::max(longest, one.value);
    }
    CHECK(longest > 3s);
    CHECK(longest <= 4100ms);
    CHECK(ends.size() >= 58);
}

TEST_CASE("A paused replica fails its checks; its requests wait as long as the balancer does")
{
    const Trial trial {.balancer =
                           "product: traefik, answer-timeout: 5s, health-check: {every: 1s}",
                       .client = "every: 100ms",
                       .timeline = "{at: 10500ms, pause: {of: a, for: 20s}}"};
    const auto all = trial.all();
    CHECK(noticed(all, ObservationKind::noticedDown) == 1);
    CHECK(noticed(all, ObservationKind::noticedUp) == 1);
    const int hung = failed(all, Failure::balancer504);
    CHECK(hung >= 2);
    CHECK(hung <= 4);
}

TEST_CASE("An answer that is cut reaches its client in part, with its cookie")
{
    const auto ends = alone({.replica = "answer-size: 5000, faults: {limit-data: {octets: 4999}}",
                             .balancer = "product: traefik",
                             .client = "jar: own, every: 1s"});
    CHECK(failed(ends, Failure::truncatedAnswer) == static_cast<int>(ends.size()));
    CHECK(ends.front().cookieOut == CookieOut::inserted);
    CHECK(ends.back().cookieIn == CookieIn::valid);
    const auto whole =
        alone({.replica = "answer-size: 5000, faults: {limit-data: {octets: 5000}}"});
    CHECK(failed(whole, Failure::truncatedAnswer) == 0);
}

TEST_CASE("A replica that crashes loses its sessions and comes back by itself")
{
    const Trial trial {.balancer = "product: traefik",
                       .client = "jar: own, count: 8, every: 200ms",
                       .timeline = "{at: 10s, crash: {of: a, for: 5s}}"};
    const auto all = trial.all();
    CHECK(noticed(all, ObservationKind::replicaStopped) == 1);
    CHECK(noticed(all, ObservationKind::replicaStarted) == 1);
    CHECK(noticed(all, ObservationKind::sessionLost) >= 3);
    for (const Observation& one : all) {
        if (one.kind == ObservationKind::replicaStarted)
            CHECK(one.at == Instant(15s));
        if (one.kind == ObservationKind::failed)
            CHECK((one.at >= Instant(10s) && one.at < Instant(15s)));
    }
    // One that somebody has started meanwhile is not started again.
    Trial other = trial;
    other.timeline += ", {at: 11s, start: a}";
    CHECK(noticed(other.all(), ObservationKind::replicaStarted) == 1);
}

TEST_CASE("Idle connections take the queue's places, and then the slots")
{
    const auto answered = [](const std::string& connections) {
        const auto ends = alone(
            {.replica = "slots: 2, queue: 3, faults: {flood: {connections: " + connections + "}}",
             .balancer = "product: traefik",
             .client = "bursts: {every: 10s, requests: 8}"});
        CHECK(ends.size() == 48);
        return 48 - failed(ends, Failure::balancer502);
    };
    CHECK(answered("1") == 6 * 4);
    CHECK(answered("3") == 6 * 2);
    CHECK(answered("4") == 6 * 1);
    CHECK(answered("100") == 0);
}

TEST_CASE("Scaled to zero, nobody has to notice; back again, nobody has to either")
{
    const Trial trial {.balancer = "product: traefik",
                       .client = "every: 100ms",
                       .timeline = "{at: 10s, scale-to-zero: all}, {at: 20s, start: all}"};
    const auto ends = trial.ends();
    const int none = failed(ends, Failure::balancer503);
    CHECK(none >= 99);
    CHECK(none <= 101);
    CHECK(failed(ends, Failure::balancer502) <= 1); // what was under way
    CHECK(ends.back().kind == ObservationKind::answered);
}

TEST_CASE("A check that waits its turn fails at a server that is overloaded")
{
    const auto downs = [](const std::string& check) {
        return noticed(
            Trial {.replica = "slots: 1, queue: 50",
                   .balancer = "product: haproxy, sticky: {cookie: s}, health-check: {every: 1s, "
                               "fall: 2"
                       + check + "}",
                   .client = "jar: shared, count: 4, every: 200ms"}
                .all(),
            ObservationKind::noticedDown);
    };
    CHECK(downs("") == 0);
    CHECK(downs(", timeout: 1s") > 0);
}

TEST_CASE("Mending ends whatever is wrong, and so does a start")
{
    for (const std::string end : {"mend: all", "mend: a", "start: a"}) {
        CAPTURE(end);
        const auto ends = alone({.balancer = "product: traefik",
                                 .timeline = "{at: 10s, errors: a}, {at: 10s, pause: a}, {at: 10s, "
                                             "latency: {of: a, add: 1s}}, {at: 10s, flood: {of: a, "
                                             "connections: 1000}}, {at: 20s, "
                                     + end + "}"});
        for (const Observation& one : ends) {
            if (one.at - one.value > Instant(20s)) {
                CHECK(one.status == 200);
                CHECK(one.value == 100ms);
            }
        }
        CHECK(ends.back().at > Instant(58s));
    }
}

TEST_CASE("Every fault ends as it began, and every request ends once, in any slices")
{
    std::string timeline;
    int at = 1;
    for (const ReplicaFault& row : replicaFaults()) {
        std::string settings = "of: all, for: 2s";
        for (const FaultSetting& setting : row.settings) {
            if (setting.required && setting.key != "for")
                settings += ", " + std::string(setting.key)
                    + (setting.type == FaultSetting::Type::time ? ": 30ms" : ": 40");
        }
        timeline += (timeline.empty() ? "{at: " : ", {at: ") + std::to_string(5 * at++) + "s, "
            + std::string(nameOf(row.kind)) + ": {" + settings + "}}";
    }
    const auto scenario = Trial {.balancer = "product: nginx, answer-timeout: 1s",
                                 .client = "count: 20, jar: own, every: 100ms",
                                 .timeline = timeline}
                              .scenario();
    const auto whole = run(scenario, 60s, true);
    CHECK(run(scenario, 777us, true).trace == whole.trace);
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(60s), recorder);
    std::vector<std::pair<ClientIndex, std::uint32_t>> ended;
    for (const Observation& one : recorder.all) {
        if (one.kind == ObservationKind::answered || one.kind == ObservationKind::failed)
            ended.emplace_back(one.client, one.ordinal);
    }
    std::sort(ended.begin(), ended.end());
    CHECK(std::adjacent_find(ended.begin(), ended.end()) == ended.end());
    CHECK(ended.size() > 11000);
    CHECK(std::size(replicaFaults()) == 12);
}

TEST_CASE("The document has each fault's own words")
{
    std::ifstream file(STICKYSCOPE_RESOURCES "/../docs/faults.md");
    std::ostringstream text;
    text << file.rdbuf();
    for (const ReplicaFault& row : replicaFaults()) {
        CHECK(text.str().find("| `" + std::string(nameOf(row.kind)) + "` | ") != std::string::npos);
        CHECK(text.str().find("| " + std::string(row.explanation) + " |") != std::string::npos);
        for (const FaultSetting& setting : row.settings)
            CHECK(text.str().find("`" + std::string(setting.key) + "`") != std::string::npos);
    }
}

TEST_CASE("A picture has what is wrong with its figures, and one fault is mended alone")
{
    const Trial trial {.replica = "faults: {errors: {share: 0.5, status: 503}}",
                       .timeline =
                           "{at: 10s, latency: {of: a, add: 200ms, jitter: 50ms}}, {at: 20s, "
                           "mend: {of: a, fault: latency}}, {at: 30s, crash: {of: a, for: "
                           "5s}}"};
    Experiment experiment = makeVirtualExperiment(trial.scenario(), {.history = true});
    const auto faults = [&](Duration until) {
        experiment.advance(Instant(until) - experiment.now());
        CHECK(experiment.snapshot()->lanes[0].replicas[1].faults.empty());
        return experiment.snapshot()->lanes[0].replicas[0].faults;
    };
    const Intervention errors {.kind = Intervention::Kind::errors,
                               .replica = ReplicaIndex {0},
                               .status = 503,
                               .amount = 500'000};
    const Intervention latency {.kind = Intervention::Kind::latency,
                                .replica = ReplicaIndex {0},
                                .time = 200ms,
                                .jitter = 50ms};
    CHECK(faults(5s) == std::vector {errors});
    CHECK(faults(15s) == std::vector {errors, latency});
    CHECK(faults(25s) == std::vector {errors});
    CHECK(faults(32s).back().kind == Intervention::Kind::crash);
    CHECK(faults(40s).empty());
}

TEST_CASE("What is suggested of each fault is within its bounds, and shows")
{
    for (const ReplicaFault& row : replicaFaults()) {
        CAPTURE(nameOf(row.kind));
        CHECK_FALSE(row.title.empty());
        const Intervention fault = suggestedFault(row);
        for (const FaultSetting& setting : row.settings) {
            CHECK(valueOf(fault, setting.field) >= setting.least);
            CHECK(valueOf(fault, setting.field) <= setting.most);
            CHECK((!setting.required || valueOf(fault, setting.field) > 0));
        }
        CHECK(onlyFault(endOf(row.kind, ReplicaIndex {0})) == row.kind);
    }
    CHECK_FALSE(onlyFault({.kind = Intervention::Kind::mend}));
}
