// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several balancers: the same in the model and on real sockets, request by request - which of them
// has it, what it knows of the cookie, where it sends it, and why.
#include "tests/lab/both_worlds.h"
#include "tests/support/scenarios.h"

using namespace stickyscope;
using test::Both;
using test::differences;
using test::Outcomes;
using test::runBoth;

namespace {

struct BalancerRow
{
    std::string name;
    std::string balancer;
    std::string more {};
    std::string clients = "{name: people, kind: browser, count: 4, think-time: {exponential: 4s}}, "
                          "{name: curl, kind: curl, jar: none, every: 3s}";
};

std::shared_ptr<Scenario> scenarioOf(const BalancerRow& row, int seed)
{
    return test::scenarioFrom("version: 1\nseed: " + std::to_string(seed) + R"(
duration: 60s
replicas:
  - {name: a, service-time: 0s, zone: here}
  - {name: b, service-time: 0s, zone: here}
  - {name: c, service-time: 0s, zone: there}
  - {name: d, service-time: 0s, zone: there}
balancer: {)" + row.balancer + "}\nclients: ["
                              + row.clients + "]\n" + row.more);
}

const std::string learns = "product: nginx, count: 2, sticky: {cookie: sid, method: learn}";
const std::string session = "session-cookie: sid\n";

const std::vector<BalancerRow>& besideRows()
{
    static const std::vector<BalancerRow> table {
        {"each counts for itself", "product: haproxy, algorithm: roundrobin, count: 3"},
        {"each has learnt other sessions", learns, session},
        {"they tell each other what they learn", learns + ", sessions: shared", session},
        {"each has a stick table of its own",
         "product: haproxy, algorithm: roundrobin, count: 2, sticky: {mode: stick-table}"},
        {"the stick tables' entries are shared",
         "product: haproxy, algorithm: roundrobin, count: 2, sessions: shared, "
         "sticky: {mode: stick-table}"},
        {"each stands in a zone of its own",
         "product: envoy, algorithm: round_robin, count: 2, zones: [here, there], "
         "sticky: {cookie: lb}"},
        {"a server drains", "product: traefik, algorithm: wrr, count: 2, sticky: {cookie: lb}",
         "timeline: [{at: 20s, drain: b}, {at: 40s, start: b}]\n"},
        {"a server dies", "product: traefik, algorithm: wrr, count: 2, sticky: {cookie: lb}",
         "timeline: [{at: 20s, stop: b}, {at: 40s, start: b}]\n"},
        {"a reload forgets in each", learns, session + "timeline: [{at: 30s, reload: balancer}]\n"},
        {"a restart forgets in each", learns,
         session + "timeline: [{at: 30s, restart: balancer}]\n"},
        {"WebSockets", "product: haproxy, algorithm: leastconn, count: 2, sticky: {cookie: SRV}",
         "",
         "{name: ws, kind: websocket, count: 4, think-time: {exponential: 3s}, "
         "connection-lifetime: {exponential: 5s}, message-every: 2s}"},
    };
    return table;
}

// What is in front of what, by the balancer's and the further ones' settings.
const std::vector<BalancerRow>& behindRows()
{
    static const std::vector<BalancerRow> table {
        {"a cookie for each tier",
         "product: haproxy, algorithm: roundrobin, servers: [left, right], sticky: {cookie: FRONT}",
         "balancers:\n"
         "  - {name: left, product: nginx, algorithm: round_robin, servers: [a, b], sticky: "
         "{cookie: inner, method: cookie}}\n"
         "  - {name: right, product: envoy, algorithm: round_robin, servers: [c, d], sticky: "
         "{cookie: other}}\n"},
        {"one cookie's name for both",
         "product: traefik, algorithm: wrr, servers: [left, right], sticky: {cookie: lb, path: /}",
         "balancers:\n"
         "  - {name: left, product: traefik, algorithm: wrr, servers: [a, b], sticky: {cookie: lb, "
         "path: /}}\n"
         "  - {name: right, product: traefik, algorithm: wrr, servers: [c, d], sticky: {cookie: "
         "lb, path: /}}\n"},
        {"the second alone is sticky, and is two",
         "product: plain, algorithm: round-robin, servers: [inner], sticky: none",
         "balancers:\n"
         "  - {name: inner, product: haproxy, algorithm: roundrobin, count: 2, sticky: {cookie: "
         "SRV}}\n"},
        {"a server of its own beside another balancer",
         "product: haproxy, algorithm: roundrobin, servers: [a, inner], sticky: {cookie: FRONT}",
         "balancers: [{name: inner, product: traefik, algorithm: wrr, servers: [b, c, d], weight: "
         "3, sticky: {cookie: lb}}]\n"
         "timeline: [{at: 20s, drain: b}, {at: 40s, start: b}]\n"},
        {"the inner one reloads",
         "product: haproxy, algorithm: roundrobin, servers: [inner], sticky: {cookie: FRONT}",
         "session-cookie: sid\n"
         "balancers: [{name: inner, product: nginx, algorithm: round_robin, sticky: {cookie: sid, "
         "method: learn}}]\n"
         "timeline: [{at: 30s, reload: inner}]\n"},
        {"all servers of the inner one die",
         "product: haproxy, algorithm: roundrobin, servers: [a, inner], sticky: {cookie: FRONT}",
         "balancers: [{name: inner, product: traefik, algorithm: wrr, servers: [b], sticky: "
         "{cookie: lb}}]\n"
         "timeline: [{at: 20s, stop: b}, {at: 40s, start: b}]\n"},
        {"routes lead to others",
         "product: haproxy, algorithm: roundrobin, servers: [a, b], sticky: {cookie: FRONT}",
         "balancers: [{name: api, product: traefik, algorithm: wrr, servers: [c, d], sticky: "
         "{cookie: lb, path: /}}]\n"
         "routes: [{path: /api, to: api}]\n",
         "{name: people, kind: browser, count: 4, paths: [/, /api/x, /apis], think-time: "
         "{exponential: 4s}}"},
        {"WebSockets through both",
         "product: haproxy, algorithm: roundrobin, servers: [inner], sticky: {cookie: FRONT}",
         "balancers: [{name: inner, product: traefik, algorithm: wrr, sticky: {cookie: lb}}]\n",
         "{name: ws, kind: websocket, count: 4, think-time: {exponential: 3s}, "
         "connection-lifetime: {exponential: 5s}, message-every: 2s}"},
        {"the last of three in a row goes by the client's address",
         "product: plain, algorithm: round-robin, servers: [middle], sticky: none",
         "balancers:\n"
         "  - {name: middle, product: plain, algorithm: round-robin, servers: [inner], sticky: "
         "none}\n"
         "  - {name: inner, product: haproxy, algorithm: source, sticky: none}\n"},
        {"over https",
         "product: haproxy, algorithm: roundrobin, servers: [inner], sticky: {cookie: FRONT}",
         "origin: https://app.example\n"
         "balancers: [{name: inner, product: caddy, version: current, algorithm: round_robin, "
         "sticky: {cookie: "
         "lb}}]\n"},
    };
    return table;
}

const std::string kept =
    "{name: people, kind: browser, count: 4, keep-alive: 5, think-time: {exponential: 4s}}, "
    "{name: curl, kind: curl, jar: none, every: 3s}";

// Connections are placed, so that keep-alive looks like stickiness.
const std::vector<BalancerRow>& connectionRows()
{
    static const std::vector<BalancerRow> table {
        {"by one balancer", "product: plain, algorithm: round-robin, per: connection", "", kept},
        {"and a server dies",
         "product: traefik, algorithm: wrr, per: connection, sticky: {cookie: lb}",
         "timeline: [{at: 20s, stop: b}, {at: 40s, start: b}]\n", kept},
        {"by one of two",
         "product: haproxy, algorithm: roundrobin, per: connection, count: 2, "
         "sticky: {cookie: SRV}",
         "", kept},
        {"in front of another balancer",
         "product: plain, algorithm: round-robin, per: connection, servers: [a, inner], sticky: "
         "none",
         "balancers: [{name: inner, product: traefik, algorithm: wrr, servers: [b, c, d], sticky: "
         "{cookie: lb}}]\n",
         kept},
        {"and the balancer restarts", "product: plain, algorithm: round-robin, per: connection",
         "timeline: [{at: 30s, restart: balancer}]\n", kept},
    };
    return table;
}

void compare(const std::vector<BalancerRow>& rows, int seed)
{
    std::size_t compared = 0;
    for (const BalancerRow& row : rows) {
        CAPTURE(row.name);
        const Both both = runBoth(scenarioOf(row, ++seed));
        CHECK(differences(both) == "");
        CHECK(differences(both, &Outcomes::ways) == "");
        CHECK(differences(both, &Outcomes::reasons) == "");
        CHECK(both.lab->balancers == both.model->balancers);
        CHECK(test::waysIn(*both.labPicture) == test::waysIn(*both.modelPicture));
        CHECK(both.model->ends.size() > 10);
        compared += both.lab->ends.size();
    }
    MESSAGE(rows.size(), " scenarios, ", compared, " requests");
}

} // namespace

TEST_CASE("Balancers side by side are the same in model and lab, each with what it knows")
{
    compare(besideRows(), 200);
}

TEST_CASE("Balancers behind others are the same in model and lab, each with its own cookie")
{
    compare(behindRows(), 300);
}

TEST_CASE(
    "Where connections are placed, a request goes where its connection goes, in model and lab")
{
    compare(connectionRows(), 400);
}
