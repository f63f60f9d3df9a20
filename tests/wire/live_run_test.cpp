// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Live clients against servers of this test: keep-alive, a second request, messages.
#include "sim/live/live_run.h"

#include "sim/formats/scenario_yaml.h"
#include "sim/lab/replica_server.h"
#include "sim/live/live_scenario.h"
#include "sim/live/prober.h"
#include "sim/measure/lane_measures.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <doctest/doctest.h>
#include <set>

using namespace stickyscope;
using namespace stickyscope::live;

namespace {

Target targetAt(const lab::ReplicaServer& replica, const std::string& path,
                const std::string& scheme = "http")
{
    return *parseTarget(scheme + "://127.0.0.1:" + std::to_string(replica.port()) + path);
}

struct Outcomes
{
    LaneResult result;
    Cast cast;
};

Outcomes run(const LivePlan& plan)
{
    QElapsedTimer clock;
    clock.start();
    LiveShared shared;
    shared.clock = [&clock] { return Instant(Duration {clock.nsecsElapsed()}); };
    shared.pacer = std::make_shared<Pacer>(1000, 1, TargetClass::loopback);
    LaneMeasures measures;
    LiveRun live(plan, shared, 0, measures, nullptr);
    QEventLoop loop;
    QObject::connect(&live, &LiveRun::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
    live.start();
    loop.exec();
    live.stop();
    return {measures.result(live.recorder().cast(), 100), live.recorder().cast()};
}

LiveGroup groupFor(Target target, int clients, int requests)
{
    const Duration pause = std::chrono::milliseconds(5);
    return {.count = clients,
            .target = std::move(target),
            .requests = requests,
            .pause = {.mean = pause}};
}

} // namespace

TEST_CASE("Each request makes a connection of its own, unless connections are kept")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    std::set<std::string> peers;
    replica.setLog([&peers](const std::string& line) {
        const auto begin = line.find(' ') + 1;
        peers.insert(line.substr(begin, line.find(' ', begin) - begin));
    });
    LiveGroup group = groupFor(targetAt(replica, "/hostname"), 2, 5);
    CHECK(run({.groups = {group}}).result.answered == 10);
    CHECK(peers.size() == 10);
    peers.clear();
    group.keepAlive = alwaysKept;
    CHECK(run({.groups = {group}}).result.answered == 10);
    CHECK(peers.size() == 2);
    peers.clear();
    group.keepAlive = 2;
    CHECK(run({.groups = {group}}).result.answered == 10);
    CHECK(peers.size() == 6);
}

TEST_CASE(
    "A sticky cookie given by hand is sent without a jar too, and withheld where off is shown")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    replica.setStickyName("SRV");
    std::vector<std::string> sticky;
    replica.setNoted([&sticky](const lab::ReplicaEvent& event) {
        if (event.kind == lab::ReplicaEvent::Kind::answered)
            sticky.push_back(event.sticky);
    });
    LiveGroup group = groupFor(targetAt(replica, "/hostname"), 1, 2);
    group.target.cookies = "SRV=a";
    using Values = std::vector<std::string>;
    for (const JarKind jar : {JarKind::none, JarKind::own}) {
        group.jar = jar;
        sticky.clear();
        run({.groups = {group}, .stickyName = "SRV"});
        CHECK(sticky == Values {"a", "a"});
        sticky.clear();
        run({.groups = {group}, .withholdSticky = true, .stickyName = "SRV"});
        CHECK(sticky == Values {"", ""});
    }
}

TEST_CASE("A second request with the same jar names who answers without a name")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    LivePlan plan {.groups = {groupFor(targetAt(replica, "/streaming", "ws"), 2, 3)}};
    plan.groups[0].kind = ClientKind::websocket;
    plan.groups[0].socket.send = SendRule::never;
    CHECK(run(plan).result.unidentified == 6);
    plan.identify = atPath(targetAt(replica, "/"), "/hostname");
    const Outcomes named = run(plan);
    CHECK(named.result.unidentified == 0);
    REQUIRE(named.cast.replicas.size() == 1);
    CHECK(named.cast.replicas[0] == "server-1");
    CHECK(named.result.closes.at(1000) == 6);
}

TEST_CASE("A message has its number, the time and its client filled in, and nothing else")
{
    CHECK(filledIn(R"({"topic": "{ms}", "n": {n}, "who": "{client}", "x": {}})", 3, 12, "c-1")
          == R"({"topic": "12", "n": 3, "who": "c-1", "x": {}})");
    CHECK(filledIn("{n", 1, 2, "c") == "{n");
}

TEST_CASE("WebSockets speak while they are open, as often as they are told to")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    LivePlan plan {.groups = {groupFor(targetAt(replica, "/streaming", "ws"), 1, 1)}};
    LiveGroup& group = plan.groups[0];
    group.kind = ClientKind::websocket;
    group.socket.pause = std::chrono::milliseconds(10);
    group.socket.lifetime = Distribution {.mean = std::chrono::milliseconds(400)};
    for (const SendRule rule : {SendRule::afterAnswer, SendRule::every}) {
        group.socket.send = rule;
        const Outcomes seen = run(plan);
        CHECK(seen.result.messages > 5);
        CHECK(seen.result.answered == 1);
        CHECK(seen.result.closes.at(1000) == 1);
    }
    group.socket.send = SendRule::onOpen;
    CHECK(run(plan).result.messages == 1);
}

TEST_CASE("A probe with a second request stays within forty, and says where the name came from")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    int lines = 0;
    replica.setLog([&lines](const std::string&) { ++lines; });
    const Target target = targetAt(replica, "/hostname");
    // The answers themselves are not looked at by this rule; the second request's are.
    Prober prober(targetAt(replica, "/nothing"), {.identify = target, .rate = 1000});
    const auto evidence = prober.run([] { return false; }, [](double) {});
    CHECK(lines <= Prober::mostRequests);
    CHECK(evidence.identitySource == "JSON field hostname of a second request");
    Prober kept(target, {.keepAlive = true, .rate = 1000});
    const Verdict verdict = judge(kept.run([] { return false; }, [](double) {}));
    CHECK(verdict.sentence.ends_with("(connections were kept alive)"));
}

TEST_CASE("A scenario becomes live plans, and what only a model can do is refused")
{
    const auto plans = [](const std::string& rest) {
        const auto scenario = readScenario(
            "version: 1\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n" + rest, "t");
        CAPTURE(scenario.error());
        REQUIRE(scenario);
        return plansFor(*scenario, {});
    };
    const std::string clients =
        "clients: [{name: b, kind: browser, count: 2, think-time: 100ms, keep-alive: 7}, {name: s, "
        "kind: websocket, path: /streaming, message: hello, headers: {Authorization: secret}}, "
        "{name: r, kind: rest}]\n";
    CHECK(plans(clients).error().find("has no target") != std::string::npos);
    const std::string target = "target: http://localhost:8000/hostname\n";
    const auto good = plans(target + clients);
    REQUIRE(good);
    REQUIRE(good->size() == 2);
    CHECK((*good)[0].withholdSticky);
    CHECK_FALSE((*good)[1].withholdSticky);
    const auto& groups = (*good)[1].groups;
    CHECK(groups[0].target.request.target == "/hostname");
    CHECK(groups[1].target.request.target == "/streaming");
    CHECK(*groups[1].target.request.fields.find("Authorization") == "secret");
    CHECK(groups[1].socket.message == "hello");
    CHECK(groups[0].keepAlive == 7);
    CHECK(groups[1].keepAlive == 1);
    CHECK(groups[2].keepAlive == alwaysKept);
    // Its own cookies go in one field with those of its jar.
    const auto own = plans(
        target + "clients: [{name: o, kind: curl, headers: {X-Team: blue, Cookie: theme=dark}}]\n");
    REQUIRE(own);
    CHECK(own->back().groups[0].target.cookies == "theme=dark");
    CHECK_FALSE(own->back().groups[0].target.request.fields.find("Cookie"));
    CHECK(*own->back().groups[0].target.request.fields.find("X-Team") == "blue");
    // No client asks more often than once a second unless the user says so.
    CHECK(groups[0].pause.mean == std::chrono::seconds(1));
    CHECK(plans(target + clients + "timeline: [{at: 1s, stop: a}]\n").error().find("'stop'")
          != std::string::npos);
    CHECK(plans(target + clients + "timeline: [{at: 1s, cut: all}]\n"));
    CHECK(plans(target + clients + "lanes: [{name: x, algorithm: p2c}]\n").error().find("lane x")
          != std::string::npos);
}
