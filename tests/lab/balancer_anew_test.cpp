// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What our balancer begins anew: after a reload, after a restart, and at a server that has come up.
#include "tests/lab/proxy_trial.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

// As a scenario writes it.
lab::ProxySettings settingsOf(const std::string& balancer)
{
    lab::ProxySettings settings;
    settings.balancer =
        scenarioFrom("version: 1\nduration: 1s\nreplicas: [{name: r1}, {name: r2}]\n"
                     "balancer: {"
                     + balancer + "}\nclients: [{name: x, kind: curl}]\n")
            ->balancer;
    return settings;
}

lab::Backend named(const Peer& peer, const std::string& name)
{
    lab::Backend backend = peer.backend(name);
    backend.view.route = name;
    return backend;
}

int lastReplica(const ProxyTrial& trial)
{
    return static_cast<int>(raw(trial.records.back().replica));
}

} // namespace

TEST_CASE("After a reload the algorithm begins anew, and a sticky cookie still counts")
{
    const auto first = Peer::answering(ok);
    const auto second = Peer::answering(ok);
    const auto settings = settingsOf("product: haproxy, algorithm: roundrobin");
    ProxyTrial trial({named(*first, "r1"), named(*second, "r2")}, settings);
    const std::string answer = trial.ask(get);
    REQUIRE(lastReplica(trial) == 0);
    const auto at = answer.find("set-cookie: ") + 12;
    const std::string cookie = answer.substr(at, answer.find(';', at) - at);
    trial.proxy.reload(settings.balancer);
    trial.ask(get);
    CHECK(lastReplica(trial) == 0);
    trial.ask("GET / HTTP/1.1\r\nHost: app\r\nCookie: " + cookie + "\r\n\r\n");
    CHECK(lastReplica(trial) == 0);
    CHECK(trial.records.back().ledger == Ledger::valid);
    trial.ask(get);
    CHECK(lastReplica(trial) == 1);
}

TEST_CASE("A reload takes over what is different from then on")
{
    const auto first = Peer::answering(ok);
    const auto second = Peer::answering(ok);
    auto settings = settingsOf("product: haproxy, algorithm: roundrobin");
    ProxyTrial trial({named(*first, "r1"), named(*second, "r2")}, settings);
    const std::string before(trial.proxy.dispatcher().cookieName());
    CHECK(has(trial.ask(get), "set-cookie: " + before + "="));
    settings.balancer.sticky->cookie = "other";
    settings.balancer.algorithm = "first";
    trial.proxy.reload(settings.balancer);
    for (int number = 0; number < 3; ++number) {
        CHECK(has(trial.ask(get), "set-cookie: other="));
        CHECK(lastReplica(trial) == 0);
    }
    CHECK(trial.proxy.dispatcher().cookieName() == "other");
}

TEST_CASE("A request that is under way at a reload is answered, and is not counted twice")
{
    const auto slow = std::make_unique<Peer>([](Peer::Connection&) {});
    const auto other = Peer::answering(ok);
    const auto settings = settingsOf("product: haproxy, algorithm: leastconn");
    ProxyTrial trial({named(*slow, "r1"), named(*other, "r2")}, settings);
    RawClient waits(trial.port(), get);
    REQUIRE(waitUntil(
        [&] { return !slow->connections.empty() && !slow->connections.front().unread.empty(); }));
    trial.proxy.reload(settings.balancer);
    slow->connections.front().socket->write(ok.data(), static_cast<qint64>(ok.size()));
    CHECK(waits.gets("ok"));
    REQUIRE(waitUntil([&] { return trial.records.size() == 1; }));
    CHECK(trial.records.back().answered);
    // Both have none now: were one below zero, it would get all.
    RawClient again(trial.port(), get);
    REQUIRE(waitUntil([&] { return slow->connections.front().all.size() > get.size() * 2; }));
    trial.ask(get);
    CHECK(lastReplica(trial) == 1);
}

TEST_CASE("A restart breaks every connection, tells of what was under way, and serves on")
{
    const auto silent = std::make_unique<Peer>([](Peer::Connection&) {});
    ProxyTrial trial({named(*silent, "r1")}, settingsOf("product: traefik, algorithm: wrr"));
    RawClient waits(trial.port(), get);
    RawClient idle(trial.port());
    REQUIRE(waitUntil(
        [&] { return !silent->connections.empty() && trial.proxy.clientConnections() == 2; }));
    trial.proxy.restart();
    CHECK(waits.isClosed());
    CHECK(idle.isClosed());
    CHECK(waits.received.empty());
    REQUIRE(trial.records.size() == 1);
    CHECK(trial.records[0].status == 0);
    CHECK(trial.records[0].failure == Failure::connectionReset);
    CHECK(waitUntil([&] { return silent->connections.front().closed; }));
    CHECK(trial.proxy.clientConnections() == 0);
    CHECK(trial.proxy.replicaConnections() == 0);
    const auto next = Peer::answering(ok);
    trial.proxy.add(named(*next, "r2"));
    trial.proxy.setDraining(ReplicaIndex {0}, true);
    CHECK(has(trial.ask(get), "200 OK"));
}

TEST_CASE("Who waits for a server's turn is placed anew at a reload")
{
    const auto slow = std::make_unique<Peer>([](Peer::Connection&) {});
    const auto settings = settingsOf("product: haproxy, algorithm: roundrobin, maxconn: 1");
    ProxyTrial trial({named(*slow, "r1")}, settings);
    RawClient first(trial.port(), get);
    REQUIRE(waitUntil([&] { return !slow->connections.empty(); }));
    RawClient second(trial.port(), get);
    REQUIRE(waitUntil([&] { return trial.proxy.dispatcher().waiting().size() == 1; }));
    trial.proxy.reload(settings.balancer);
    CHECK(waitUntil([&] { return slow->connections.size() == 2; }));
}

TEST_CASE("A server that has come up warms up before it takes its share")
{
    bool well = false;
    const auto steady = Peer::answering(ok);
    const auto comes = Peer::answering([&well](const Peer::Request& request) {
        return request.head.target == "/up" && !well
            ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
            : ok;
    });
    auto settings = settingsOf("product: haproxy, algorithm: roundrobin, slowstart: 600s, "
                               "health-check: {every: 20ms, fall: 1, rise: 1}");
    settings.check.path = "/up";
    ProxyTrial trial({named(*steady, "r1"), named(*comes, "r2")}, settings);
    REQUIRE(waitUntil([&] { return trial.noticed.size() == 1; }));
    well = true;
    REQUIRE(waitUntil([&] { return trial.noticed.size() == 2; }));
    CHECK(trial.noticed.back() == std::pair(1, true));
    int taken = 0;
    for (int number = 0; number < 42; ++number) {
        trial.ask(get);
        taken += lastReplica(trial);
    }
    // One of 21, where it would have every second.
    CHECK(taken >= 1);
    CHECK(taken <= 3);
}
