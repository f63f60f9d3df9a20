// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Each kind of client: what it sends, what it keeps, and what it gets from the wrong replica.
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Scenario> asking(const std::string& client, const std::string& balancer,
                                 const std::string& more = "")
{
    return scenarioFrom(
        "version: 1\nduration: 60s\nreplicas: [{name: a}, {name: b}, {name: c}]\nbalancer: {"
        + balancer + "}\nclients: [{name: x, " + client + "}]\nlanes: [{name: one}]\n" + more);
}

/// How many of them have this status, and whether it is exactly the broken ones that do.
int brokenWith(const std::vector<Observation>& all, int status)
{
    int broken = 0;
    for (const Observation& one : all) {
        CHECK((one.session == SessionMark::broken) == (one.status == status));
        broken += one.status == status ? 1 : 0;
    }
    return broken;
}

const std::string https = "origin: https://app.example\n";

} // namespace

TEST_CASE("A polling client that meets the wrong replica gets its protocol's status")
{
    struct Row
    {
        const char* kind;
        int status;
    };
    for (const Row& row : {Row {"socketio", 400}, Row {"signalr", 404}, Row {"mcp", 404}}) {
        CAPTURE(row.kind);
        const std::string client = std::string("kind: ") + row.kind
            + ", count: 6, jar: own, think-time: {exponential: 1s}";
        CHECK(brokenWith(allAnswers(asking(client, "product: plain")), row.status) > 100);
        CHECK(brokenWith(allAnswers(asking(client, "product: traefik")), row.status) == 0);
    }
}

TEST_CASE("Engine.IO polls first, and goes on as a WebSocket where the upgrade meets its session")
{
    const auto seen = [](const std::string& balancer) {
        VirtualWorld world(asking("kind: socketio, count: 6, upgrade-after: 3, think-time: "
                                  "{exponential: 200ms}, connection-lifetime: {exponential: 4s}",
                                  balancer),
                           LaneIndex {0});
        Recorder recorder;
        world.advance(Instant(60s), recorder);
        return recorder.all;
    };
    std::map<ClientIndex, int> polls;
    int opened = 0;
    for (const Observation& one : seen("product: traefik")) {
        if (one.kind == ObservationKind::answered && one.status == 200)
            ++polls[one.client];
        if (one.kind == ObservationKind::opened) {
            CHECK(polls[one.client] == 3);
            polls[one.client] = 0;
            ++opened;
        }
    }
    CHECK(opened > 30);
    int refused = 0;
    for (const Observation& one : seen("product: plain"))
        refused += one.kind == ObservationKind::answered && one.status == 400 ? 1 : 0;
    CHECK(refused > 100);
}

TEST_CASE("A session on an upgraded connection is lost with its server, polling or not")
{
    VirtualWorld world(asking("kind: socketio, count: 6, upgrade-after: 3, think-time: "
                              "{exponential: 200ms}, connection-lifetime: 1h",
                              "product: traefik"),
                       LaneIndex {0});
    Recorder before;
    world.advance(Instant(20s), before);
    std::set<ClientIndex> there;
    for (const Observation& one : before.all) {
        if (one.kind == ObservationKind::opened && one.replica == ReplicaIndex {0})
            there.insert(one.client);
    }
    REQUIRE(there.size() > 0);
    Recorder after;
    world.apply({.kind = Intervention::Kind::stopReplica, .replica = ReplicaIndex {0}});
    world.advance(Instant(20s), after);
    std::set<ClientIndex> lost;
    for (const Observation& one : after.all) {
        if (one.kind == ObservationKind::sessionLost)
            lost.insert(one.client);
    }
    CHECK(lost == there);
}

TEST_CASE("An MCP client has no jar of its own accord: its session is named by a header")
{
    const auto all = allAnswers(
        asking("kind: mcp, count: 6, think-time: {exponential: 1s}", "product: traefik"));
    CHECK(brokenWith(all, 404) > 100);
    for (const Observation& one : all)
        CHECK(one.cookieIn == CookieIn::none);
}

TEST_CASE("A gRPC channel is one connection: balanced as one, or request by request")
{
    const auto replicasOf = [](const std::string& client, const std::string& per) {
        std::set<ReplicaIndex> used;
        for (const Observation& one : allAnswers(asking(client, "product: haproxy, per: " + per)))
            used.insert(one.replica);
        return used.size();
    };
    CHECK(replicasOf("kind: grpc, think-time: 100ms", "connection") == 1);
    CHECK(replicasOf("kind: grpc, think-time: 100ms", "request") == 3);
    CHECK(replicasOf("kind: grpc, think-time: 100ms, keep-alive: 50", "connection") == 3);
    CHECK(replicasOf("kind: rest, think-time: 100ms", "connection") == 3);
}

TEST_CASE("Envoy's hash cookie names a connection: who keeps none stays for as long as it lasts")
{
    const auto all = [](const std::string& client) {
        return allAnswers(asking("count: 1, jar: none, think-time: 100ms, " + client,
                                 "product: envoy, algorithm: ring_hash, "
                                 "sticky: {cookie: u, hash-policy: true, ttl: 0s}"));
    };
    const auto kept = all("kind: curl, keep-alive: 10");
    REQUIRE(kept.size() > 100);
    std::set<ReplicaIndex> used;
    for (std::size_t place = 0; place < kept.size(); ++place) {
        CHECK(kept[place].replica == kept[place - place % 10].replica);
        CHECK(kept[place].cookieOut == CookieOut::notKept);
        used.insert(kept[place].replica);
    }
    CHECK(used.size() == 3);
    std::set<ReplicaIndex> channel;
    for (const Observation& one : all("kind: grpc"))
        channel.insert(one.replica);
    CHECK(channel.size() == 1);
}

TEST_CASE("A gRPC channel goes elsewhere only when its replica is gone")
{
    const auto all =
        allAnswers(asking("kind: grpc, think-time: 100ms",
                          "product: haproxy, per: connection, health-check: {every: 1s}",
                          "timeline: [{at: 30s, stop: a}, {at: 40s, start: a}]\n"));
    std::set<ReplicaIndex> early;
    std::set<ReplicaIndex> late;
    for (const Observation& one : all)
        (one.at < Instant(30s) ? early : late).insert(one.replica);
    CHECK(early.size() == 1);
    CHECK(late.size() == 1);
}

TEST_CASE("A browser's first burst has no cookie yet; what follows is bound")
{
    const auto all = allAnswers(asking(
        "kind: browser, burst: 6, think-time: 500ms, session: {requests: 0}", "product: traefik"));
    REQUIRE(all.size() > 60);
    int fresh = 0;
    for (const Observation& one : all)
        fresh += one.cookieIn == CookieIn::none ? 1 : 0;
    CHECK(fresh == 6);
    CHECK(std::set<ReplicaIndex> {all[0].replica, all[1].replica, all[2].replica}.size() > 1);
    for (std::size_t place = 6; place < all.size(); ++place)
        CHECK(all[place].replica == all.back().replica);
}

TEST_CASE("What a page of another site may keep and send is as SameSite and the browser say")
{
    const auto boundOf = [](const std::string& product, const std::string& client,
                            const std::string& cookie) {
        const auto all = allAnswers(asking("kind: browser, think-time: 1s, " + client,
                                           product + ", sticky: {" + cookie + "}", https));
        return std::count_if(all.begin(), all.end(), [](const Observation& one) {
            return one.cookieIn == CookieIn::valid;
        });
    };
    const auto bound = [&](const std::string& client, const std::string& cookie) {
        return boundOf("product: traefik", client, cookie);
    };
    const std::string none = "cookie: c, same-site: none, secure: true";
    const std::string lax = "cookie: c, same-site: lax";
    const std::string elsewhere = "page: \"https://portal.test\"";
    const std::string sister = "page: \"https://www.app.example\"";
    CHECK(bound("path: /", lax) > 40);
    CHECK(bound(elsewhere, lax) == 0);
    CHECK(bound(elsewhere, "cookie: c") == 0);
    CHECK(bound(elsewhere, none) > 40);
    CHECK(bound(elsewhere + ", third-party-cookies: blocked", none) == 0);
    CHECK(bound(sister + ", third-party-cookies: blocked", none) > 40);
    CHECK(boundOf("product: custom", elsewhere + ", third-party-cookies: blocked",
                  none + ", partitioned: true")
          > 40);
    CHECK(bound(sister, lax) > 40);
    CHECK(bound(sister + ", credentials: omit", lax) == 0);
    CHECK(bound("page: \"https://app.example\", credentials: omit", lax) > 40);
}
