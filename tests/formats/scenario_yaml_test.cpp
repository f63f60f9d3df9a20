// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_yaml.h"

#include "sim/products/product.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <span>
#include <string>
#include <vector>

using namespace stickyscope;
using test::errorOf;
using namespace std::chrono_literals;

namespace {

std::string productIds()
{
    std::string ids;
    for (const Product* product : products())
        ids.append(ids.empty() ? "" : ", ").append(product->id);
    return ids;
}

// Of all that products have, those of this one.
std::string keysOf(const std::vector<const Setting*>& all, std::span<const Setting> own)
{
    std::string keys;
    for (const Setting* setting : all) {
        if (findSetting(own, setting->key))
            keys.append(", ").append(setting->key);
    }
    return keys;
}

const std::string base = "version: 1\nreplicas: [{name: a}]\nbalancer: {product: "
                         "traefik}\nclients: [{name: x, kind: curl}]\n";

} // namespace

TEST_CASE("A bit of everything is read as it stands")
{
    const auto read = readScenario(R"(
version: 1
title: A bit of everything
seed: 7
duration: 60s
starts: 2026-01-01T00:00:00Z
origin: http://app.example
target: http://localhost:8000/hostname
travel: 400ms
replicas: [{name: server-1}, {name: server-2}, {name: server-3, address: "10.0.0.3:8000", slots: 8, service-time: {lognormal: {mean: 600ms, p99: 2s}}, sessions: in-memory}]
balancer: {product: traefik, algorithm: wrr, sticky: {cookie: ws-session, path: /}, health-check: {every: 5s}}
clients:
  - {name: browsers, kind: browser, count: 6, jar: own, think-time: {exponential: 1.5s}, session: {requests: 20}}
  - {name: curl, kind: curl, count: 2, jar: none, rate: 0.5/s}
  - {name: streams, kind: websocket, path: /streaming, count: 2, message-every: 500ms, connection-lifetime: {exponential: 10s}, headers: {Authorization: secret}}
timeline: [{at: 20s, stop: server-2}, {at: 40s, start: server-2}]
lanes: [{name: "off", sticky: none}, {name: on}]
)",
                                   "f");
    CAPTURE(read.error());
    REQUIRE(read);
    CHECK(read->seed == 7);
    CHECK(read->replicas[2].serviceTime.shape == Distribution::Shape::lognormal);
    CHECK(read->clients[1].gap->mean == 2s);
    CHECK(read->clients[1].jar == JarKind::none);
    CHECK(read->clients[2].headers[0].second == "secret");
    CHECK(read->timeline[0].intervention.replica == ReplicaIndex {1});
    CHECK(read->lanes[0].sticky == false);
    CHECK(read->lanes[1].name == "on");
}

TEST_CASE("A file without lanes has off and on")
{
    CHECK(readScenario(base, "f")->lanes == offAndOn());
}

TEST_CASE("Bad input gets one line with its place, what is wrong and what is allowed")
{
    struct Row
    {
        std::string yaml;
        std::string line;
    };
    const std::vector<Row> rows {
        {"", "f:1:1: the file is empty; it must hold a mapping"},
        {"[]", "f:1:1: the file must be a mapping, not a list"},
        {base + "colour: red\n",
         "f:5:1: unknown key 'colour'; allowed are version, title, about, seed, duration, starts, "
         "origin, "
         "target, travel, session-cookie, cache, path-cookies, session-route, replicas, balancer, "
         "balancers, routes, clients, "
         "timeline, "
         "lanes, assert"},
        {"version: 1\nbalancer: {product: caddy, hash: 1}\n",
         "f:2:28: unknown key 'hash' in balancer; allowed are product, algorithm, sticky, count, "
         "sessions, zones, servers, per, answer-timeout, health-check"
             + keysOf(allSettings(), caddy.settings)},
        {"version: 1\nbalancer: {sticky: {secret: a, colour: red}, product: caddy}\n",
         "f:2:32: unknown key 'colour' in balancer.sticky; allowed are cookie, max-age"
             + keysOf(allCookieSettings(), caddy.cookieSettings)},
        {base + "seed: 1\nseed: 2\n", "f:6:1: the key 'seed' stands here twice"},
        {"version: 2\n", "f:1:10: version must be 1, not 2"},
        {"version: 1\nreplicas: [{name: a, weight: -3}]\n",
         "f:2:30: replicas[0].weight must be 0 to 1000, not -3"},
        {"version: 1\nreplicas: []\n", "f:2:11: replicas must hold 1 to 10000 entries, not 0"},
        {base + "travel: 5 bananas\n",
         "f:5:9: travel must be a time such as 500ms or 1.5s (ns, us, ms, s, m, h), 0s to 1h, not "
         "5 bananas"},
        {base + "travel: 5\n",
         "f:5:9: travel must be a time such as 500ms or 1.5s (ns, us, ms, s, m, h), 0s to 1h, not "
         "5"},
        {base + "timeline: [{at: 1s, stop: b}]\n",
         "f:5:27: timeline[0].stop must be 'all' or the name of a replica of this file, not b"},
        {base + "timeline: [{at: 1s}]\n",
         "f:5:12: timeline[0] must have one of stop, start, drain, take-cookies, cut, reload, "
         "restart, latency, "
         "bandwidth, black-hole, reset, limit-data, pause, slow-start, errors, crash, flood, "
         "resume, mend, scale-to-zero, tamper-cookies, share-cookies, expire-cookies, "
         "close-browser, delete-sticky-cookie, slicer, slow-close, swap-cookies, weight, remove, "
         "rolling-update beside "
         "'at'"},
        {base + "timeline: [{at: 1s, reload: other}]\n",
         "f:5:29: timeline[0].reload must be 'balancer' or the name of one of `balancers`, not "
         "other"},
        {base + "timeline: [{at: 1s, reload: balancer, with: {count: 2}}]\n",
         "f:5:45: timeline[0].with: name, weight, servers, zones, count, sessions and per stay as "
         "they are"},
        {base + "balancers: [{name: two, product: traefik, servers: [b]}]\n",
         "f:5:13: balancers[0].servers: b is neither a replica nor a balancer that stands further "
         "down"},
        {base + "balancers: [{name: a, product: traefik}]\n",
         "f:5:13: balancers[0]: a replica has the name a already"},
        {base + "balancers: [{name: two, product: traefik}]\nroutes: [{to: three}]\n",
         "f:6:15: routes[0].to must be the name of one of `balancers`, not three"},
        {base + "lanes: [{name: a}, {name: a}]\n",
         "f:5:27: lanes[1].name: the name 'a' stands here twice"},
        {"version: 1\nreplicas: [{name: a}]\nbalancer: {product: plain}\n"
         "clients: [{name: x, kind: curl, count: 3}, {name: x-4, kind: curl}, {name: x-3, kind: "
         "curl}]\n",
         "f:4:69: clients[2]: the name 'x-3' stands here twice: a client of 'x' has it too"},
        {"version: 1\nreplicas: [{name: a}]\nclients: [{name: x, kind: curl}]\n",
         "f:1:1: the file lacks 'balancer'"},
        {base + "title: *x\n", "f:5:8: aliases (*name) are not allowed; write the value out"},
        {base + "title: &x y\n", "f:5:8: anchors (&name) are not allowed; write the value out"},
        {base + "title: !!python/object y\n", "f:5:8: tags (!name) are not allowed"},
        {base + "title: \"\xff\"\n", "f:5:9: this is not UTF-8; the file must be UTF-8 text"},
        {"version: 1\nbalancer: {product: nginx-plus}\n",
         "f:2:21: balancer.product must be one of " + productIds() + ", not nginx-plus"},
        {base + "origin: ftp://x\n",
         "f:5:9: origin must be an address such as http://app.example, not ftp://x"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.yaml);
        CHECK(errorOf(row.yaml) == row.line);
    }
}

TEST_CASE("What a WebSocket client sends and when is read, and is nobody else's")
{
    const auto with = [](const std::string& client) {
        return readScenario("version: 1\nreplicas: [{name: a}]\nbalancer: {product: "
                            "traefik}\nclients: ["
                                + client + "]\n",
                            "f");
    };
    const auto plain = with("{name: x, kind: websocket}");
    REQUIRE(plain);
    CHECK(plain->clients[0].message == R"({"topic": "{ms}"})");
    CHECK(plain->clients[0].send == SendRule::afterAnswer);
    const auto other = with(
        "{name: x, kind: websocket, message: '{\"id\": {n}, \"who\": \"{client}\"}', send: every}");
    REQUIRE(other);
    CHECK(other->clients[0].message == R"({"id": {n}, "who": "{client}"})");
    CHECK(other->clients[0].send == SendRule::every);
    CHECK(
        with("{name: x, kind: websocket, send: later}").error()
        == "f:4:44: clients[0].send must be one of on-open, after-answer, every, never, not later");
    CHECK(with("{name: x, kind: browser, message: hello}").error()
          == "f:4:45: clients[0]: message, send, message-every and connection-lifetime are for the "
             "kind websocket");
}

TEST_CASE("A time has the range that its own product gives it")
{
    const auto with = [](const std::string& balancer) {
        return errorOf("version: 1\nreplicas: [{name: a}]\nbalancer: " + balancer
                       + "\nclients: [{name: x, kind: curl}]\n");
    };
    CHECK(with("{product: custom, slow-start: 1s}").empty());
    CHECK(with("{product: custom, slow-start: 1h}").empty());
    CHECK(with("{product: aws-alb, slow-start: 30s}").empty());
    CHECK(with("{product: aws-alb, slow-start: 1s}")
              .find("balancer.slow-start must be 30s to 15m for AWS Application Load Balancer")
          != std::string::npos);
    CHECK_FALSE(with("{product: custom, slow-start: 500ms}").empty());
}

TEST_CASE("A setting that the product does not have is named")
{
    const auto with = [](const std::string& balancer, const std::string& replica = "{name: a}") {
        return errorOf("version: 1\nreplicas: [" + replica + "]\nbalancer: " + balancer
                       + "\nclients: [{name: x, kind: curl}]\n");
    };
    CHECK(with("{product: haproxy, sticky: {cookie: a, path: /x}}")
              .find("HAProxy has no such setting")
          != std::string::npos);
    CHECK(with("{product: traefik, sticky: {indirect: true}}").find("Traefik has no such setting")
          != std::string::npos);
    CHECK(with("{product: traefik, redispatch: true}").find("has no such option")
          != std::string::npos);
    CHECK(with("{product: traefik, algorithm: leastconn}").find("must be one of wrr, p2c")
          != std::string::npos);
    CHECK(with("{product: haproxy}", "{name: a, weight: 300}").find("0 to 256")
          != std::string::npos);
    CHECK(with("{product: haproxy, sticky: {cookie: a, indirect: true, nocache: true}, redispatch: "
               "true}")
              .empty());
}

TEST_CASE("A file that is wrong from its first octet leaks nothing")
{
    CHECK(errorOf("%").find("this is not YAML") != std::string::npos);
}

TEST_CASE("Deep nesting and many brackets end at once")
{
    CHECK(errorOf(std::string(10'000'000, '[')).find("nested too deeply") != std::string::npos);
    CHECK(errorOf("a: " + std::string(5000, '{')).find("nested too deeply") != std::string::npos);
}

TEST_CASE("Habits, arrivals and faults that cannot be are named")
{
    const auto client = [](const std::string& text) {
        return errorOf("version: 1\nreplicas: [{name: a}]\nbalancer: {product: traefik}\n"
                       "clients: [{name: x, "
                       + text + "}]\n");
    };
    CHECK(client("kind: load")
          == "f:4:11: clients[0]: a load generator sends by rate, every, daily, bursts or trace");
    CHECK(client("kind: curl, daily: [{at: 2h, rate: 1/s}, {at: 1h, rate: 1/s}]")
              .find("the points of a day stand in their order")
          != std::string::npos);
    CHECK(client("kind: curl, daily: [{at: 24h, rate: 1/s}]").find("0s to") != std::string::npos);
    CHECK(client("kind: curl, daily: [{at: 2h, rate: 0/s}]").find("one rate at least")
          != std::string::npos);
    CHECK(client("kind: curl, rate: 1/s, trace: times.txt")
          == "f:4:11: clients[0] has both rate and trace; one of them is allowed");
    CHECK(client("kind: curl, trace: ../times.txt").find("a file beside the scenario")
          != std::string::npos);
    const auto timeline = [](const std::string& text) {
        return errorOf(base + "timeline: [{at: 1s, " + text + "}]\n");
    };
    CHECK(timeline("share-cookies: {from: all, to: x}").find("the name of a client, such as x")
          != std::string::npos);
    CHECK(timeline("swap-cookies: {of: all, with: x}").find("the name of a client, such as x")
          != std::string::npos);
    CHECK(timeline("swap-cookies: {of: x}").find("lacks 'with'") != std::string::npos);
    CHECK(timeline("latency: a").find("must be a mapping") != std::string::npos);
    CHECK(timeline("errors: {of: a, share: 1.5}").find("0 to 1") != std::string::npos);
    CHECK(timeline("weight: {of: a, to: 1001}").find("0 to 1000") != std::string::npos);
    CHECK(errorOf("version: 1\nreplicas: [{name: a}]\nbalancer: {product: aws-alb}\n"
                  "clients: [{name: x, kind: curl}]\n"
                  "timeline: [{at: 1s, weight: {of: all, to: 2}}]\n")
              .find("0 to 1 for AWS")
          != std::string::npos);
    CHECK(timeline("weight: {of: a}").find("lacks 'to'") != std::string::npos);
    CHECK(timeline("slow-start: {of: a, times: 3}").find("lacks 'for'") != std::string::npos);
}
