// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Faults of a scenario's replicas on real sockets: when they begin and end by the lane's clock,
// what a picture tells of them, and what our balancer makes of them.
#include "sim/lab/lab_world.h"
#include "sim/model/replica_faults.h"
#include "sim/model/rolling_update.h"
#include "tests/lab/asking.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using Kind = Intervention::Kind;

namespace {

constexpr ReplicaIndex first {0};
constexpr ReplicaIndex last {2};

/// Three replicas behind our balancer, and a client that asks once an hour.
struct Trial
{
    std::string replica; ///< more about the first
    std::string balancer = "product: plain, algorithm: round-robin";
    std::string more; ///< lines of the scenario

    lab::Lab start() const
    {
        const auto scenario = test::scenarioFrom(
            "version: 1\nduration: 600s\nreplicas: [{name: a, service-time: 0s"
            + (replica.empty() ? "" : ", " + replica)
            + "}, {name: b, service-time: 0s}, {name: c, service-time: 0s}]\nbalancer: {" + balancer
            + "}\nclients: [{name: idle, kind: curl, jar: none, every: 1h}]\nlanes: [{name: one}]\n"
            + more);
        auto lab = lab::makeLab(scenario, {.pictures = true});
        REQUIRE_MESSAGE(lab, lab.error());
        return std::move(*lab);
    }
};

std::vector<Intervention> faultsOf(lab::Lab& lab, ReplicaIndex replica)
{
    return lab.experiment.snapshot()->lanes[0].replicas[raw(replica)].faults;
}

// What is asked of a lane happens in its order: when this fault shows, all before it has happened.
void catchUp(lab::Lab& lab)
{
    static std::int64_t number = 0;
    const std::int64_t mine = ++number;
    lab.experiment.apply({.kind = Kind::flood, .replica = last, .amount = mine});
    REQUIRE(waitUntil([&] {
        const auto faults = faultsOf(lab, last);
        return !faults.empty() && faults.back().amount == mine;
    }));
}

// The clock goes on by so much at once.
std::vector<Intervention> faultsAfter(lab::Lab& lab, Duration by)
{
    lab.experiment.advance(by);
    catchUp(lab);
    return faultsOf(lab, first);
}

wire::Exchange ask(const std::string& address)
{
    return test::ask(address, test::askedBy("curl/8", "/hostname"));
}

// So many asked of the balancer, by status.
std::map<int, int> statuses(const lab::Lab& lab, int requests)
{
    std::map<int, int> all;
    for (int number = 0; number < requests; ++number)
        ++all[ask(lab.addresses[0].balancer).head.status];
    return all;
}

Intervention of(Kind kind)
{
    Intervention fault = suggestedFault(*findFault(kind));
    fault.replica = first;
    return fault;
}

} // namespace

TEST_CASE("Whatever a menu offers shows in a picture, and is mended alone")
{
    lab::Lab lab = Trial().start();
    for (const ReplicaFault& row : replicaFaults()) {
        CAPTURE(row.title);
        REQUIRE(lab.experiment.snapshot()->lanes[0].can.contains(row.kind));
        if (row.kind == Kind::crash)
            continue;
        lab.experiment.apply(of(row.kind));
        catchUp(lab);
        CHECK(faultsOf(lab, first) == std::vector {of(row.kind)});
        lab.experiment.apply(endOf(row.kind, first));
        catchUp(lab);
        CHECK(faultsOf(lab, first).empty());
    }
    CHECK(faultsOf(lab, ReplicaIndex {1}).empty());
}

TEST_CASE("A fault's length goes by the lane's clock, from the moment that the timeline says")
{
    lab::Lab lab =
        Trial {.more = "timeline: [{at: 5s, latency: {of: a, add: 1s, for: 10s}}]\n"}.start();
    CHECK(faultsAfter(lab, 4s).empty());
    // Past its beginning at one go.
    CHECK(faultsAfter(lab, 5s).size() == 1);
    CHECK(faultsAfter(lab, 5900ms).size() == 1);
    CHECK(faultsAfter(lab, 100ms).empty());
}

TEST_CASE("Whatever a menu offers ends when its length is over, and not before")
{
    lab::Lab lab = Trial().start();
    for (const ReplicaFault& row : replicaFaults()) {
        CAPTURE(row.title);
        Intervention fault = of(row.kind);
        fault.lasts = 7s;
        lab.experiment.apply(fault);
        CHECK(faultsAfter(lab, 6900ms) == std::vector {fault});
        CHECK(faultsAfter(lab, 100ms).empty());
        CHECK(ask(lab.addresses[0].replicas[0]).head.status == 200);
    }
}

TEST_CASE("What is asked by hand begins when it is asked, and what has ended ends what it began")
{
    lab::Lab lab = Trial().start();
    lab.experiment.advance(3s);
    Intervention pause = of(Kind::pause);
    pause.lasts = 2s;
    lab.experiment.apply(pause);
    CHECK(faultsAfter(lab, 1900ms).size() == 1);
    CHECK(faultsAfter(lab, 100ms).empty());
    lab.experiment.apply(of(Kind::pause));
    lab.experiment.apply(of(Kind::errors));
    CHECK(faultsAfter(lab, 100s).size() == 2);
    lab.experiment.apply({.kind = Kind::resume, .replica = first});
    CHECK(faultsAfter(lab, 1s) == std::vector {of(Kind::errors)});
    lab.experiment.apply(of(Kind::reset));
    lab.experiment.apply({.kind = Kind::mend, .replica = first});
    CHECK(faultsAfter(lab, 1s).empty());
    lab.experiment.apply(of(Kind::reset));
    lab.experiment.apply({.kind = Kind::startReplica, .replica = first});
    CHECK(faultsAfter(lab, 1s).empty());
    CHECK(statuses(lab, 3) == std::map<int, int> {{200, 3}});
}

TEST_CASE("What is wrong from the beginning is so without a timeline, and ends with its length")
{
    lab::Lab lab = Trial {.replica = "faults: {errors: {status: 503, for: 20s}}"}.start();
    CHECK(faultsOf(lab, first).size() == 1);
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 4}, {503, 2}});
    CHECK(faultsAfter(lab, 19s).size() == 1);
    CHECK(faultsAfter(lab, 1s).empty());
    lab.experiment.apply({.kind = Kind::mend, .replica = last});
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 6}});
}

TEST_CASE("A crashed replica refuses, and starts by itself after its time")
{
    lab::Lab lab = Trial {.more = "timeline: [{at: 1s, crash: {of: a, for: 10s}}]\n"}.start();
    const auto stateOf = [&lab] { return lab.experiment.snapshot()->lanes[0].replicas[0].state; };
    CHECK(faultsAfter(lab, 10s).front().kind == Kind::crash);
    REQUIRE(waitUntil([&] {
        lab.experiment.advance({});
        return stateOf() == ReplicaState::stopped;
    }));
    CHECK(ask(lab.addresses[0].replicas[0]).failure == Failure::connectionRefused);
    CHECK(faultsAfter(lab, 1s).empty());
    CHECK(waitUntil([&] {
        lab.experiment.advance({});
        return stateOf() == ReplicaState::running;
    }));
    CHECK(ask(lab.addresses[0].replicas[0]).head.status == 200);
}

TEST_CASE("A crash that is over is over before what follows it in the timeline")
{
    lab::Lab lab =
        Trial {.more = "timeline: [{at: 1s, crash: {of: a, for: 2s}}, {at: 4s, stop: a}]\n"}
            .start();
    CHECK(faultsAfter(lab, 5s).empty());
    CHECK(ask(lab.addresses[0].replicas[0]).failure == Failure::connectionRefused);
}

TEST_CASE("Scaled to zero all stop, the balancer knows at once, and they come back")
{
    lab::Lab lab = Trial().start();
    lab.experiment.apply({.kind = Kind::scaleToZero});
    catchUp(lab);
    for (const std::string& replica : lab.addresses[0].replicas)
        CHECK(ask(replica).failure == Failure::connectionRefused);
    CHECK(statuses(lab, 3) == std::map<int, int> {{503, 3}});
    lab.experiment.apply({.kind = Kind::startReplica});
    lab.experiment.apply({.kind = Kind::mend});
    REQUIRE(waitUntil([&] { return faultsOf(lab, last).empty(); }));
    CHECK(statuses(lab, 3) == std::map<int, int> {{200, 3}});
}

TEST_CASE("What a lane's own timeline says happens to that lane alone")
{
    const auto scenario = test::scenarioFrom(
        "version: 1\nduration: 600s\nreplicas: [{name: a}, {name: b}]\nbalancer: {product: plain}\n"
        "clients: [{name: idle, kind: curl, jar: none, every: 1h}]\n"
        "lanes: [{name: one}, {name: two, with: {timeline: [{at: 1s, stop: a}]}}]\n");
    auto lab = lab::makeLab(scenario, {});
    REQUIRE_MESSAGE(lab, lab.error());
    lab->experiment.advance(5s);
    CHECK(waitUntil(
        [&] { return ask(lab->addresses[1].replicas[0]).failure == Failure::connectionRefused; }));
    CHECK(ask(lab->addresses[0].replicas[0]).head.status == 200);
}

TEST_CASE("A server that is removed is not asked, and comes back when it starts")
{
    lab::Lab lab = Trial().start();
    lab.experiment.apply({.kind = Kind::removeReplica, .replica = first});
    catchUp(lab);
    CHECK(ask(lab.addresses[0].replicas[0]).failure == Failure::connectionRefused);
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 6}});
    lab.experiment.apply({.kind = Kind::startReplica, .replica = first});
    catchUp(lab);
    CHECK(ask(lab.addresses[0].replicas[0]).head.status == 200);
    CHECK(!lab::LabLane::can({.theirs = true}).contains(Kind::removeReplica));
    CHECK(!lab::LabLane::can({.theirs = true}).contains(Kind::rollingUpdate));
}

TEST_CASE("A rolling update on real sockets leads to new addresses, without a failure")
{
    lab::Lab lab =
        Trial {.more = "timeline: [{at: 1s, rolling-update: {every: 5s, addresses: new}}]\n"}
            .start();
    REQUIRE(lab.addresses[0].replicas.size() == 6);
    lab.experiment.advance(600s);
    catchUp(lab);
    for (std::size_t place = 0; place < 3; ++place) {
        CAPTURE(place);
        CHECK(ask(lab.addresses[0].replicas[place]).failure == Failure::connectionRefused);
    }
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 6}});
    LaneSnapshot lane;
    REQUIRE(waitUntil([&] {
        lab.experiment.advance({}); // takes what has been observed meanwhile
        lane = lab.experiment.snapshot()->lanes[0];
        return lane.replicas[2].state == ReplicaState::stopped && lane.replicas[5].weight == 1;
    }));
    REQUIRE(lane.marks.size() == 1);
    CHECK(lane.marks[0].text == "rolling update");
}

TEST_CASE("Servers that come back at their addresses are asked again after a rolling update")
{
    lab::Lab lab = Trial().start();
    lab.experiment.apply(asIntervention({.every = 1s, .drain = 0s, .startsIn = 1h}));
    lab.experiment.advance(10s);
    catchUp(lab);
    for (const std::string& replica : lab.addresses[0].replicas)
        CHECK(ask(replica).failure == Failure::connectionRefused);
    CHECK(statuses(lab, 3) == std::map<int, int> {{503, 3}});
    lab::Lab quick = Trial().start();
    quick.experiment.apply(asIntervention({.every = 1s, .drain = 0s, .startsIn = 1s}));
    quick.experiment.advance(10s);
    catchUp(quick);
    CHECK(statuses(quick, 3) == std::map<int, int> {{200, 3}});
}

TEST_CASE("Our balancer is told another weight, and a product's program cannot be")
{
    lab::Lab lab = Trial {.replica = "faults: {errors: {status: 503}}"}.start();
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 4}, {503, 2}});
    lab.experiment.apply({.kind = Kind::setWeight, .replica = first, .amount = 0});
    catchUp(lab);
    lab.experiment.apply({.kind = Kind::mend, .replica = last});
    REQUIRE(waitUntil([&] { return faultsOf(lab, last).empty(); }));
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 6}});
    CHECK(lab.experiment.snapshot()->lanes[0].replicas[0].weight == 0);
    CHECK(lab.experiment.snapshot()->lanes[0].replicas[1].weight == 1);
    CHECK(!lab::LabLane::can({.program = true}).contains(Kind::setWeight));
}

TEST_CASE("Our balancer waits for an answer as long as it is told, and then does as its product")
{
    const std::string more = ", answer-timeout: 300ms, sticky: none";
    const std::string hole = "faults: {black-hole: {}}";
    const lab::Lab haproxy =
        Trial {.replica = hole, .balancer = "product: haproxy, algorithm: roundrobin" + more}
            .start();
    CHECK(statuses(haproxy, 6) == std::map<int, int> {{200, 4}, {504, 2}});
    // nginx goes on to the next, and leaves out who has failed.
    const lab::Lab nginx =
        Trial {.replica = hole, .balancer = "product: nginx, algorithm: round_robin" + more}
            .start();
    CHECK(statuses(nginx, 6) == std::map<int, int> {{200, 6}});
    // Envoy tries nobody else, but who has kept it waiting is left out as well.
    const lab::Lab envoy =
        Trial {.replica = hole,
               .balancer = "product: envoy, algorithm: round_robin, consecutive-5xx: 1, "
                           "max-ejection-percent: 100"
                   + more}
            .start();
    CHECK(statuses(envoy, 6) == std::map<int, int> {{200, 5}, {504, 1}});
}

TEST_CASE("Checks notice who does not answer them, and who is mended")
{
    lab::Lab lab =
        Trial {.replica = "faults: {reset: {}}",
               .balancer = "product: haproxy, algorithm: roundrobin, health-check: {every: 50ms}"}
            .start();
    const auto noticed = [&lab] {
        lab.experiment.advance({});
        return lab.experiment.snapshot()->lanes[0].replicas[0].noticedDown;
    };
    REQUIRE(waitUntil(noticed));
    CHECK(statuses(lab, 6) == std::map<int, int> {{200, 6}});
    lab.experiment.apply({.kind = Kind::mend, .replica = first});
    CHECK(waitUntil([&] { return !noticed(); }));
}

TEST_CASE("Requests that wait for a black hole end with it")
{
    lab::Lab lab = Trial {.replica = "faults: {black-hole: {for: 5s}}",
                          .balancer = "product: plain, algorithm: round-robin, sticky: none"}
                       .start();
    wire::Endpoint endpoint;
    endpoint.url = *http::parseUrl(lab.addresses[0].replicas[0] + "/");
    wire::HttpConnection connection(endpoint, nullptr);
    std::optional<wire::Exchange> result;
    QObject::connect(&connection, &wire::HttpConnection::finished, &connection,
                     [&](const wire::Exchange& exchange) { result = exchange; });
    http::RequestHead head {.target = "/hostname"};
    head.fields.add("Host", "127.0.0.1");
    connection.send(head);
    REQUIRE(waitUntil([&] { return connection.isOpen(); }));
    CHECK(faultsAfter(lab, 4900ms).size() == 1);
    CHECK_FALSE(result);
    CHECK(faultsAfter(lab, 100ms).empty());
    REQUIRE(waitUntil([&] { return result.has_value(); }));
    CHECK(result->failure == Failure::connectionReset);
}

TEST_CASE("What cannot be here is refused in one line that says where it can")
{
    const auto whyNot = [](const std::string& more, lab::LabCast cast) {
        auto scenario = test::scenarioFrom(
            "version: 1\nduration: 9s\nreplicas: [{name: a}]\nbalancer: {product: haproxy}\n"
            "clients: [{name: x, kind: curl}]\n"
            + more);
        return lab::impossibleInLab(*scenario, cast);
    };
    const std::string reload = "timeline: [{at: 1s, reload: balancer}]\n";
    const std::string pause = "timeline: [{at: 1s, pause: a}]\n";
    for (const std::string& one : {reload, pause})
        CHECK(whyNot(one, {}).empty());
    CHECK(whyNot(reload, {.program = true})
          == "the timeline's 'reload' is for the model and for our own balancer, not for a "
             "product's program");
    CHECK(whyNot(pause, {.program = true}).empty());
    CHECK(whyNot(reload, {.theirs = true}).empty());
    CHECK(whyNot(pause, {.theirs = true})
          == "the timeline's 'pause' is for the model and for our own servers, not for yours");
    auto faulty = test::scenarioFrom(
        "version: 1\nduration: 9s\nreplicas: [{name: a, faults: {reset: "
        "{}}}]\nbalancer: {product: haproxy}\nclients: [{name: x, kind: curl}]\n");
    CHECK(lab::impossibleInLab(*faulty, {}).empty());
    CHECK(lab::impossibleInLab(*faulty, {.theirs = true}).starts_with("replica a: faults "));
}
