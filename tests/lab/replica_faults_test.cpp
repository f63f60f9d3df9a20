// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What can be wrong with a replica's answers, on real sockets: each fault as docs/faults.md says
// it, and that nothing is left of it when it has ended.
#include "tests/lab/replica_trial.h"

#include <algorithm>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;
using Kind = Intervention::Kind;
using lab::ReplicaServer;

namespace {

bool ended(Failure failure)
{
    return failure == Failure::connectionReset || failure == Failure::closedWithoutAnswer;
}

/// Of requests 0 to 39 of client 7 those that this share of a million strikes.
std::vector<bool> struck(Kind kind, std::int64_t amount)
{
    ActiveFaults faults;
    faults.begin({.kind = kind, .amount = amount}, Instant {});
    std::vector<bool> all;
    for (std::uint32_t ordinal = 0; ordinal < 40; ++ordinal)
        all.push_back(
            faults.strikes(kind, Chance {1}.draw(ClientIndex {7}, ordinal, Purpose::replicaFault)));
    return all;
}

} // namespace

TEST_CASE("Latency makes each request longer, and it holds its slot all the while")
{
    ReplicaServer server(serving({}, 1, 10), nullptr);
    start(server);
    server.begin({.kind = Kind::latency, .time = 400ms}, Instant {});
    Asked first(endpointOf(server), hostname);
    Asked second(endpointOf(server), hostname);
    CHECK(first.end().latency + second.end().latency >= 400ms + 800ms - 20ms);
    CHECK(first.end().head.status == 200);
    server.begin({.kind = Kind::latency, .time = 1h}, Instant {});
    server.end(Kind::latency);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("An answer takes its size divided by the bandwidth longer")
{
    lab::ReplicaMake replica = make("server-1");
    replica.spec.answerSize = 5000;
    ReplicaServer server(replica, nullptr);
    start(server);
    server.begin({.kind = Kind::bandwidth, .amount = 10'000}, Instant {});
    CHECK(ask(server, hostname).latency >= 499ms);
    // More than an hour; but checks are short.
    server.begin({.kind = Kind::bandwidth, .amount = 1}, Instant {});
    CHECK(ask(server, health).head.status == 200);
    server.end(Kind::bandwidth);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("Resets close the connection in the place of an answer, of the share that luck strikes")
{
    ReplicaServer server(make("server-1"), nullptr);
    start(server);
    begin(server, Kind::reset);
    CHECK(ended(ask(server, hostname).failure));
    CHECK(ended(ask(server, health).failure));
    server.begin({.kind = Kind::reset, .amount = 250'000}, Instant {});
    CHECK(ask(server, health).head.status == 200);
    std::vector<bool> seen;
    const auto expected = struck(Kind::reset, 250'000);
    for (std::size_t ordinal = 0; ordinal < expected.size(); ++ordinal)
        seen.push_back(
            ended(ask(server,
                      request("GET", "/", marked("7 " + std::to_string(ordinal) + " rest", "new")))
                      .failure));
    CHECK(seen == expected);
    const auto answered = static_cast<Count>(std::count(seen.begin(), seen.end(), false));
    CHECK(answered > 20);
    CHECK(server.answered() == answered);
    server.end(Kind::reset);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("An answer beyond the limit is cut, and its head with its cookies arrives")
{
    lab::ReplicaMake replica = make("server-1");
    replica.spec.answerSize = 5000;
    replica.sessionCookie = "app";
    ReplicaServer server(replica, nullptr);
    start(server);
    server.begin({.kind = Kind::limitData, .amount = 4999}, Instant {});
    const auto cut = ask(server, request("GET", "/", marked("3 0 browser", "new")));
    CHECK(cut.failure == Failure::truncatedAnswer);
    CHECK(cut.head.status == 200);
    REQUIRE(cut.head.fields.find("Set-Cookie"));
    CHECK(cut.head.fields.find("Set-Cookie")->starts_with("app="));
    CHECK(server.answered() == 0);
    CHECK(ask(server, health).head.status == 200);
    server.begin({.kind = Kind::limitData, .amount = 5000}, Instant {});
    const auto whole = ask(server, hostname);
    CHECK(whole.failure == Failure::none);
    CHECK(whole.body.size() == 5000);
    server.end(Kind::limitData);
    CHECK(ask(server, hostname).body.size() < 100);
    CHECK(server.answered() == 2);
}

TEST_CASE("Slices come one after the other, and hold no slot")
{
    lab::ReplicaMake replica = make("server-1");
    replica.spec.answerSize = 5000;
    ReplicaServer server(replica, nullptr);
    start(server);
    server.begin({.kind = Kind::slicer, .time = 100ms, .amount = 1000}, Instant {});
    Asked first(endpointOf(server), hostname);
    Asked second(endpointOf(server), hostname);
    CHECK(first.end().latency >= 399ms);
    CHECK(first.end().body.size() == 5000);
    CHECK(second.end().body.size() == 5000);
    CHECK(first.end().latency + second.end().latency < 1600ms);
    CHECK(ask(server, health).latency < 399ms);
    server.begin({.kind = Kind::slicer, .time = 10s, .amount = 5000}, Instant {});
    CHECK(ask(server, hostname).latency < 5s);
    server.end(Kind::slicer);
    CHECK(ask(server, hostname).body.size() < 100);
}

TEST_CASE("A slow close makes who waits for the end wait")
{
    ReplicaServer server(make("server-1"), nullptr);
    start(server);
    server.begin({.kind = Kind::slowClose, .time = 300ms}, Instant {});
    const auto slow = ask(server, hostname);
    CHECK(slow.latency >= 299ms);
    CHECK(slow.failure == Failure::none);
    CHECK(slow.head.status == 200);
    CHECK(!slow.head.fields.find("Content-Length"));
    CHECK(!slow.body.empty());
    CHECK(ask(server, health).latency < 299ms);
    server.end(Kind::slowClose);
    const auto usual = ask(server, hostname);
    CHECK(usual.latency < 299ms);
    CHECK(usual.head.fields.find("Content-Length"));
}

TEST_CASE("A slow start ends as slowly as it is told, by the clock it is given, at each start")
{
    Instant now {};
    lab::ReplicaMake replica = serving(100ms, 8, 10);
    replica.spec.faults = {{.kind = Kind::slowStart, .lasts = 10s, .amount = 6000}};
    replica.clock = [&now] { return now; };
    ReplicaServer server(replica, nullptr);
    start(server);
    REQUIRE(server.faults().find(Kind::slowStart));
    CHECK(ask(server, hostname).latency >= 599ms);
    now = Instant(5s);
    CHECK(ask(server, hostname).latency >= 349ms);
    now = Instant(10s);
    server.stop();
    REQUIRE(server.start() == "");
    CHECK(server.faults().find(Kind::slowStart)->until == Instant(20s));
    CHECK(ask(server, hostname).latency >= 599ms);
    // A hundred seconds at its beginning, and as usual at its end.
    server.begin({.kind = Kind::slowStart, .lasts = 10s, .amount = 1'000'000}, now);
    now = Instant(20s);
    CHECK(ask(server, hostname).head.status == 200);
    now = Instant(10s);
    server.end(Kind::slowStart);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("Errors are a replica's own answers, of the share that luck strikes, and checks find it "
          "well")
{
    ReplicaServer server(make("server-1"), nullptr);
    start(server);
    server.begin({.kind = Kind::errors, .status = 503, .amount = 1'000'000}, Instant {});
    const auto error = ask(server, request("GET", "/", marked("3 0 browser", "new")));
    CHECK(error.head.status == 503);
    // It is the replica's: it names itself, and the session.
    REQUIRE(error.head.fields.find(live::replicaMark));
    CHECK(*error.head.fields.find(live::replicaMark) == "server-1");
    CHECK(error.head.fields.find(live::sessionMark)->starts_with("begins "));
    CHECK(ask(server, request("GET", "/socket.io/?EIO=4&transport=polling")).head.status == 503);
    CHECK(ask(server, health).head.status == 200);
    CHECK(server.answered() == 2);
    server.begin({.kind = Kind::errors, .status = 500, .amount = 250'000}, Instant {});
    std::vector<bool> seen;
    const auto expected = struck(Kind::errors, 250'000);
    for (std::size_t ordinal = 0; ordinal < expected.size(); ++ordinal)
        seen.push_back(
            ask(server,
                request("GET", "/", marked("7 " + std::to_string(ordinal) + " rest", "new")))
                .head.status
            == 500);
    CHECK(seen == expected);
    server.end(Kind::errors);
    CHECK(ask(server, hostname).head.status == 200);
}

TEST_CASE("What a scenario says is wrong from the beginning is so when it listens")
{
    for (const ReplicaFault& row : replicaFaults()) {
        if (!row.fromBeginning)
            continue;
        CAPTURE(row.title);
        lab::ReplicaMake replica = make("server-1");
        replica.spec.faults = {suggestedFault(row)};
        ReplicaServer server(replica, nullptr);
        start(server);
        CHECK(server.faults().of(noReplica) == replica.spec.faults);
        server.endFaults();
        CHECK(server.faults().empty());
        CHECK(ask(server, hostname).head.status == 200);
    }
}
