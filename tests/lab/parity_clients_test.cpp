// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What clients do, and what befalls their cookies: the same in the model and on real sockets,
// request by request.
#include "tests/lab/both_worlds.h"
#include "tests/support/scenarios.h"

#include <array>
#include <functional>

using namespace stickyscope;
using test::Both;
using test::differences;
using test::runBoth;

namespace {

/// One scenario: its clients, and what else it has.
struct ClientRow
{
    std::string name;
    std::string clients;
    std::string more;
    std::string balancer = "product: haproxy, algorithm: roundrobin";
};

std::shared_ptr<Scenario> clientScenario(const ClientRow& row, int seed)
{
    return test::scenarioFrom("version: 1\nseed: " + std::to_string(seed) + R"(
duration: 60s
replicas:
  - {name: a, service-time: 0s}
  - {name: b, service-time: 0s}
  - {name: c, service-time: 0s}
balancer: {)" + row.balancer + "}\nclients: ["
                              + row.clients + "]\n" + row.more);
}

std::string people(const std::string& more)
{
    return "{name: people, kind: browser, count: 3, think-time: {exponential: 5s}" + more + "}";
}

const std::string inserts = "product: traefik, algorithm: wrr, sticky: {cookie: lb}";
const std::string dated =
    "product: traefik, algorithm: wrr, sticky: {cookie: lb, max-age: 1h, path: /}";

const std::string secured =
    "product: traefik, algorithm: wrr, sticky: {cookie: lb, secure: true, path: /}";
const std::string https = "origin: \"https://app.example\"\n";

const std::vector<ClientRow>& rows()
{
    static const std::vector<ClientRow> table {
        {"take-cookies", people(""), "timeline: [{at: 20s, take-cookies: people-2}]\n", inserts},
        {"delete-sticky-cookie", people(""),
         "session-cookie: sid\ntimeline: [{at: 20s, delete-sticky-cookie: all}]\n", inserts},
        {"tamper-cookies", people(""), "timeline: [{at: 20s, tamper-cookies: all}]\n"},
        {"share-cookies", people(""),
         "timeline: [{at: 20s, share-cookies: {from: people-1, to: all}}]\n", inserts},
        {"swap-cookies", people(""),
         "session-cookie: sid\ntimeline: [{at: 20s, swap-cookies: {of: people-1, with: "
         "people-3}}]\n",
         inserts},
        {"expire-cookies of a date", people(""), "timeline: [{at: 20s, expire-cookies: all}]\n",
         dated},
        {"expire-cookies without one", people(""), "timeline: [{at: 20s, expire-cookies: all}]\n",
         inserts},
        {"close-browser", people(""), "timeline: [{at: 20s, close-browser: all}]\n", inserts},
        {"close-browser with a date", people(""), "timeline: [{at: 20s, close-browser: all}]\n",
         dated},
        {"a shared jar", people(", jar: shared"), "timeline: [{at: 20s, tamper-cookies: all}]\n"},
        {"cookies that expire", people(""), "",
         "product: traefik, algorithm: wrr, sticky: {cookie: lb, max-age: 4s, path: /}"},
        {"logout", people(", logout: {after: 3}"), "session-cookie: sid\n"},
        {"logout of a cookie that the balancer learns",
         people(", session: {requests: 0}, logout: {after: 3, clears: session}"),
         "session-cookie: sid\n", "product: nginx, sticky: {cookie: sid, method: learn}"},
        {"two paths", people(", paths: [/app/a, /other]"), "",
         "product: traefik, algorithm: wrr, sticky: {cookie: lb, path: /app}"},
        {"one path of a list", people(", paths: [/app]"), "",
         "product: traefik, algorithm: wrr, sticky: {cookie: lb, path: /app}"},
        {"an origin of their own", people(", origin: \"http://other.example:8080\""), "",
         "product: traefik, algorithm: wrr, sticky: {cookie: lb, domain: app.example}"},
        {"quotes that are stripped", people(", quotes: stripped"), "",
         "product: custom, sticky: {cookie: lb, in-quotes: true}"},
        {"quotes that are kept", people(""), "",
         "product: custom, sticky: {cookie: lb, in-quotes: true}"},
        {"a page of another site", people(", page: \"http://portal.test\""), "", inserts},
        {"a page of the same site", people(", page: \"http://www.app.example\""), "", inserts},
        {"no credentials", people(", page: \"http://www.app.example\", credentials: omit"), "",
         inserts},
        {"third-party cookies",
         people(", page: \"http://portal.test\", third-party-cookies: blocked"), "", inserts},
        {"an address of this machine", people(", source: 127.0.0.5"),
         "lanes: [{name: \"off\", sticky: none}, {name: \"on\"}]\n",
         "product: haproxy, algorithm: source"},
        {"a header that they carry",
         "{name: carrying, kind: rest, count: 3, think-time: {exponential: 4s}, carries: x-cart}, "
         "{name: forgetting, kind: rest, count: 2, think-time: {exponential: 4s}}",
         "",
         "product: gateway-api, algorithm: in-turn, sticky: {cookie: X-Cart, persistence-type: "
         "Header}"},
        {"a Cookie field of their own without a jar",
         "{name: scripts, kind: rest, count: 3, jar: none, think-time: {exponential: 4s}, "
         "headers: {Cookie: SRV=b}}, {name: others, kind: rest, count: 2, jar: none, think-time: "
         "{exponential: 4s}}",
         "", "product: haproxy, algorithm: roundrobin, sticky: {cookie: SRV}"},
        {"a Cookie field of their own before the jar's",
         people(", headers: {Cookie: theme=dark}")
             + ", {name: bound, kind: curl, count: 2, jar: "
               "own, think-time: {exponential: 4s}, "
               "headers: {Cookie: lb=nobody}}",
         "", inserts},
        {"https", people(""), https, inserts},
        {"https, and a Secure cookie within a page of another site",
         people(", page: \"https://portal.test\""), https,
         "product: caddy, version: current, algorithm: round_robin"},
        {"https for some, and a Secure cookie",
         people("")
             + ", {name: others, kind: browser, count: 3, think-time: {exponential: 5s}, "
               "origin: \"https://app.example\"}",
         "", secured},
        {"https but for some, and a Secure cookie",
         people("")
             + ", {name: others, kind: browser, count: 3, think-time: {exponential: 5s}, "
               "origin: \"http://app.example\"}",
         https, secured},
        {"https where a server dies", people(""),
         https + "timeline: [{at: 15s, stop: b}, {at: 40s, start: b}]\n", inserts},
        {"https where the balancer restarts", people(""),
         https + "timeline: [{at: 20s, restart: balancer}]\n", inserts},
        {"websockets over https",
         "{name: ws, kind: websocket, count: 3, think-time: {exponential: 3s}, "
         "connection-lifetime: {exponential: 5s}, message-every: 2s}",
         https, secured},
        {"a cache strips cookies", people(""), "cache: strips-cookies\n", inserts},
        {"a cache stores cookies", people(", paths: [/a, /b]"), "cache: stores-cookies\n",
         "product: haproxy, algorithm: roundrobin, sticky: {cookie: SRV, indirect: true}"},
        {"a cache that groups of clients have in common",
         people("") + ", {name: others, kind: browser, count: 2, think-time: {exponential: 5s}}",
         "cache: stores-cookies\n", inserts},
        {"a cache that may not store cookies", people(""), "cache: stores-cookies\n",
         "product: haproxy, algorithm: roundrobin, "
         "sticky: {cookie: SRV, indirect: true, nocache: true}"},
        {"path cookies", people(", paths: [/a, /b, /c]"), "path-cookies: 100\n"},
        {"heads that grow too large",
         people(", paths: [/a, /b, /c, /d, /e, /f, /g, /h, /i, /j, /k, /l]"),
         "path-cookies: 1000\n", "product: nginx, sticky: {cookie: route, path: /}"},
        {"every", "{name: fixed, kind: browser, every: 4s}, " + people(""), ""},
        {"daily",
         "{name: day, kind: load, count: 2, jar: own, daily: [{at: 0s, rate: 0.1/s}, {at: 1m, "
         "rate: 0.5/s}]}",
         ""},
        {"socketio", "{name: io, kind: socketio, count: 3, think-time: {exponential: 4s}}",
         "lanes: [{name: \"off\", sticky: none}, {name: \"on\"}]\n"},
        {"sessions that a header names, hashed",
         "{name: agent, kind: mcp, count: 4, think-time: {exponential: 3s}}", "",
         "product: haproxy, algorithm: hash, hash-on: header, hash-name: Mcp-Session-Id"},
        {"sessions that a header names, in a table",
         "{name: agent, kind: mcp, count: 4, think-time: {exponential: 3s}}", "",
         "product: haproxy, sticky: {mode: stick-table, stick-on: header}"},
        {"sessions that the address names, hashed",
         "{name: hub, kind: signalr, count: 2, think-time: {exponential: 3s}}, "
         "{name: io, kind: socketio, count: 2, path: \"/io?a=1\", think-time: {exponential: 3s}}",
         "", "product: nginx, algorithm: hash, hash-on: query, hash-name: id"},
        {"socketio that upgrades, hashed by its session",
         "{name: io, kind: socketio, count: 3, path: /socket.io/, think-time: {exponential: 2s}, "
         "upgrade-after: 3, connection-lifetime: {exponential: 5s}}",
         "", "product: nginx, algorithm: hash, hash-on: query, hash-name: sid"},
        {"socketio that upgrades",
         "{name: io, kind: socketio, count: 3, path: /socket.io/, think-time: {exponential: 3s}, "
         "upgrade-after: 2, connection-lifetime: {exponential: 5s}}",
         "lanes: [{name: \"off\", sticky: none}, {name: \"on\"}]\n"},
        {"websockets",
         "{name: ws, kind: websocket, count: 3, think-time: {exponential: 3s}, "
         "connection-lifetime: {exponential: 5s}, message-every: 2s}",
         ""},
        {"websockets without messages",
         "{name: ws, kind: websocket, count: 3, think-time: {exponential: 3s}, "
         "connection-lifetime: {exponential: 5s}, message-every: 0s}",
         ""},
    };
    return table;
}

} // namespace

TEST_CASE("What clients do and what befalls their cookies is the same in model and lab")
{
    int seed = 100;
    std::size_t compared = 0;
    for (const ClientRow& row : rows()) {
        CAPTURE(row.name);
        const Both both = runBoth(clientScenario(row, ++seed));
        CHECK(differences(both) == "");
        CHECK(differences(both, &test::Outcomes::ways) == "");
        CHECK(differences(both, &test::Outcomes::reasons) == "");
        CHECK(both.model->ends.size() > 10);
        compared += both.lab->ends.size();
    }
    MESSAGE(rows().size(), " scenarios, ", compared, " requests");
}

TEST_CASE("A trace is sent as it is, by the group's clients in turn")
{
    const auto scenario = clientScenario(
        {"trace", "{name: trace, kind: load, count: 2, jar: own, trace: times.txt}", ""}, 7);
    std::vector<Duration> times;
    for (int second = 1; second < 30; ++second)
        times.emplace_back(std::chrono::milliseconds(1100) * second);
    scenario->clients[0].arrivals = std::make_shared<const std::vector<Duration>>(times);
    const Both both = runBoth(scenario);
    CHECK(differences(both) == "");
    CHECK(both.lab->ends.size() == 2 * times.size()); // in both lanes
}

TEST_CASE("A cookie file is sent also without a jar, and nothing is learnt")
{
    const auto scenario = clientScenario(
        {"file", "{name: curl, kind: curl, jar: none, think-time: {exponential: 3s}}",
         "lanes: [{name: \"on\"}]\n",
         "product: haproxy, algorithm: roundrobin, sticky: {cookie: SRV}"},
        8);
    http::CookieJar jar;
    jar.insert({.name = "SRV", .value = "b", .domain = "app.example", .path = "/"});
    const Both both = runBoth(scenario, {jar});
    CHECK(differences(both) == "");
    REQUIRE(both.lab->ends.size() > 5);
    CHECK(both.lab->shares[0][ReplicaIndex {1}] == static_cast<int>(both.lab->ends.size()));
}

// Which of several at one moment comes first is the network's business: whose they are, and how
// many, is not.
TEST_CASE("Requests side by side are sent together, in bursts and at the beginning")
{
    for (const std::string pace : {"bursts: {every: 8s, requests: 5}", "rate: 0.2/s, burst: 5",
                                   "think-time: {exponential: 6s}, burst: 5"}) {
        CAPTURE(pace);
        const Both both = runBoth(clientScenario(
            {"bursts", "{name: many, kind: browser, count: 2, " + pace + "}",
             "lanes: [{name: \"off\", sticky: none}]\n", "product: haproxy, algorithm: roundrobin"},
            9));
        CHECK(both.lab->ends.size() == both.model->ends.size());
        CHECK(both.lab->shares == both.model->shares);
        std::size_t known = 0;
        for (const auto& [who, end] : both.model->ends)
            known += both.lab->ends.count(who);
        CHECK(known == both.model->ends.size());
    }
}

TEST_CASE("An upgraded Socket.IO client says its messages over the WebSocket")
{
    const auto scenario = clientScenario(
        {"messages",
         "{name: io, kind: socketio, path: /socket.io/, think-time: {exponential: 1s}, "
         "upgrade-after: 3, connection-lifetime: 20s, send: on-open}",
         "lanes: [{name: \"on\"}]\n"},
        10);
    const Both both = runBoth(scenario);
    CHECK(differences(both) == "");
    CHECK(both.model->messages > 0);
    CHECK(both.lab->messages == both.model->messages);
}
