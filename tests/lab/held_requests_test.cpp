// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Faults of a replica that hold requests, connections or places, on real sockets: as docs/faults.md
// says them, and that all is let go when they have ended.
#include "tests/lab/replica_trial.h"
#include "tests/lab/scarce_files.h"

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;
using Kind = Intervention::Kind;
using lab::ReplicaServer;

TEST_CASE("A black hole answers nothing, and what hangs is reset when it ends")
{
    ReplicaServer server(make("server-1"), nullptr);
    ReplicaServer other(make("server-2"), nullptr);
    start(server);
    start(other);
    begin(server, Kind::blackHole);
    Asked request(endpointOf(server), hostname);
    Asked check(endpointOf(server), health);
    CHECK(ask(other, hostname).head.status == 200);
    REQUIRE(waitUntil([&] { return server.connections() == 2; }));
    CHECK_FALSE(waitUntil([&] { return request.ended() || check.ended(); }, 100ms));
    server.end(Kind::blackHole);
    CHECK(request.end().failure == Failure::connectionReset);
    CHECK(check.end().failure == Failure::connectionReset);
    CHECK(ask(server, hostname).head.status == 200);
    CHECK(server.answered() == 1);
}

TEST_CASE("A paused replica serves nothing, keeps what it has, and goes on where it was")
{
    ReplicaServer server(serving(500ms, 1, 1), nullptr);
    ReplicaServer other(make("server-2"), nullptr);
    start(server);
    start(other);
    Asked served(endpointOf(server), hostname);
    REQUIRE(waitUntil([&] { return server.connections() == 1; }));
    begin(server, Kind::pause);
    Asked waits(endpointOf(server), hostname);
    REQUIRE(waitUntil([&] { return server.connections() == 2; }));
    Asked check(endpointOf(server), health);
    // Its one slot and its one place are taken.
    Asked refused(endpointOf(server), hostname);
    CHECK(refused.end().failure == Failure::connectionReset);
    CHECK(ask(other, hostname).head.status == 200);
    CHECK_FALSE(waitUntil([&] { return served.ended() || waits.ended() || check.ended(); }, 600ms));
    server.end(Kind::pause);
    CHECK(check.end().head.status == 200);
    CHECK(served.end().latency >= 600ms);
    CHECK(waits.end().head.status == 200);
    CHECK(server.answered() == 2);
}

TEST_CASE("A crashed replica is as one that was stopped, until it starts with an empty memory")
{
    ReplicaServer server(make("server-1"), nullptr);
    start(server);
    const auto begun = ask(server, request("GET", "/", marked("3 0 browser", "new")));
    const std::string name = begun.head.fields.find(live::sessionMark)->substr(7);
    server.stop();
    server.begin({.kind = Kind::crash, .lasts = 3s}, Instant(1s));
    CHECK(server.faults().find(Kind::crash)->until == Instant(4s));
    CHECK(ask(server, hostname).failure == Failure::connectionRefused);
    REQUIRE(server.start() == "");
    CHECK(server.faults().empty());
    const auto after = ask(server, request("GET", "/", marked("3 1 browser", name)));
    CHECK(after.head.fields.find(live::sessionMark)->starts_with("broken "));
}

TEST_CASE("A flood's connections are open, and take the queue's places and then slots")
{
    ReplicaServer server(serving(300ms, 1, 2), nullptr);
    start(server);
    server.begin({.kind = Kind::flood, .amount = 2}, Instant {});
    CHECK(waitUntil([&] { return server.connections() == 2; }));
    {
        Asked served(endpointOf(server), hostname);
        REQUIRE(waitUntil([&] { return server.connections() == 3; }));
        CHECK(ask(server, hostname).failure == Failure::connectionReset);
        CHECK(served.end().head.status == 200);
    }
    REQUIRE(waitUntil([&] { return server.connections() == 2; }));
    // Of a million as many are opened as count.
    server.begin({.kind = Kind::flood, .amount = 1'000'000}, Instant {});
    CHECK(waitUntil([&] { return server.connections() == 3; }));
    CHECK(ask(server, hostname).failure == Failure::connectionReset);
    CHECK(ask(server, health).failure == Failure::connectionReset);
    server.end(Kind::flood);
    CHECK(waitUntil([&] { return server.connections() == 0; }));
    CHECK(ask(server, health).head.status == 200);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("Checks that wait as requests do wait in the queue, and fail where it is full")
{
    lab::ReplicaMake replica = serving(300ms, 1, 1);
    replica.checksWait = true;
    ReplicaServer server(replica, nullptr);
    start(server);
    Asked served(endpointOf(server), hostname);
    REQUIRE(waitUntil([&] { return server.connections() == 1; }));
    Asked check(endpointOf(server), health);
    REQUIRE(waitUntil([&] { return server.connections() == 2; }));
    CHECK(ask(server, health).failure == Failure::connectionReset);
    CHECK(check.end().head.status == 200);
    CHECK(served.ended());
}

TEST_CASE("A request whose connection is gone leaves its slot to the next")
{
    ReplicaServer server(serving({}, 1, 0), nullptr);
    start(server);
    server.begin({.kind = Kind::latency, .time = 1h}, Instant {});
    {
        const Asked gone(endpointOf(server), hostname);
        REQUIRE(waitUntil([&] { return server.connections() == 1; }));
    }
    CHECK(waitUntil([&] { return server.connections() == 0; }));
    server.end(Kind::latency);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("Whatever faults hold is let go when they end, when it stops, and when it is gone")
{
    const auto hold = [](ReplicaServer& server, Kind kind) {
        server.begin(suggestedFault(*findFault(kind)), Instant {});
    };
    for (const Kind kind : {Kind::blackHole, Kind::pause, Kind::flood, Kind::latency}) {
        CAPTURE(nameOf(kind));
        // What Qt itself keeps open is open from here on.
        {
            ReplicaServer first(serving({}, 2, 20), nullptr);
            start(first);
            ask(first, hostname);
        }
        const std::size_t before = openDescriptors();
        for (const bool stops : {true, false}) {
            CAPTURE(stops);
            ReplicaServer server(serving({}, 2, 20), nullptr);
            start(server);
            hold(server, kind);
            Asked one(endpointOf(server), hostname);
            const Asked other(endpointOf(server), health);
            REQUIRE(waitUntil(
                [&] { return server.connections() >= (kind == Kind::flood ? 22U : 1U); }));
            if (stops)
                server.stop();
            else
                server.endFaults();
            if (stops)
                CHECK(server.connections() == 0);
        }
        CHECK(waitUntil([&] { return openDescriptors() == before; }));
    }
}
