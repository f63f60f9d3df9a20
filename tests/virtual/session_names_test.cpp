// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SessionCounts that requests name in a header or in their address: what balancers make of the
// name.
#include "sim/model/session_name.h"
#include "sim/virtual/explanation.h"
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

std::shared_ptr<Scenario> ofKind(const std::string& kind, const std::string& balancer)
{
    return scenarioFrom("version: 1\nduration: 120s\nreplicas: [{name: a}, {name: b}, {name: c}]\n"
                        "balancer: {"
                        + balancer + "}\nclients: [{name: x, kind: " + kind
                        + ", count: 8, jar: none, think-time: {exponential: 500ms}}]\n"
                          "lanes: [{name: one}]\n");
}

struct SessionCounts
{
    int begun = 0;
    int met = 0; ///< requests
    int refused = 0; ///< likewise
    int refusedLater = 0; ///< after the session had been met
};

SessionCounts sessionsOf(const std::shared_ptr<const Scenario>& scenario)
{
    SessionCounts sum;
    std::map<ClientIndex, bool> wasMet;
    for (const Observation& one : allAnswers(scenario)) {
        if (one.session == SessionMark::begins) {
            ++sum.begun;
            wasMet[one.client] = false;
        } else if (one.session == SessionMark::met) {
            ++sum.met;
            wasMet[one.client] = true;
        } else {
            ++sum.refused;
            sum.refusedLater += wasMet[one.client] ? 1 : 0;
        }
    }
    return sum;
}

} // namespace

TEST_CASE("A name is another one for each request and replica, and fits into an address")
{
    std::set<std::string> names;
    for (std::uint32_t client = 0; client < 12; ++client) {
        for (std::uint32_t ordinal = 0; ordinal < 12; ++ordinal)
            names.insert(nameOfSession(ClientIndex {client}, ordinal, "a"));
    }
    CHECK(names.size() == 144);
    CHECK(nameOfSession(ClientIndex {3}, 7, "a") != nameOfSession(ClientIndex {3}, 7, "b"));
    CHECK(nameOfSession(ClientIndex {3}, 7, "web app&1").find_first_not_of("0123456789abcdef")
          == std::string::npos);
    CHECK(withParameter("/mcp", "sid", "x") == "/mcp?sid=x");
    CHECK(withParameter("/mcp?a=1", "sid", "x") == "/mcp?a=1&sid=x");
}

TEST_CASE("Who is refused begins another session with its next request, wherever that goes")
{
    for (const char* kind : {"socketio", "signalr", "mcp"}) {
        CAPTURE(kind);
        SessionMark before = SessionMark::none;
        int refused = 0;
        const auto scenario = scenarioFrom(
            "version: 1\nduration: 120s\nreplicas: [{name: a}, {name: b}]\n"
            "balancer: {product: plain}\nclients: [{name: x, kind: "
            + std::string(kind) + ", think-time: {exponential: 500ms}}]\nlanes: [{name: one}]\n");
        for (const Observation& one : allAnswers(scenario)) {
            // In turn over two: the second request of each session meets the other one.
            CHECK((one.session == SessionMark::broken) == (before == SessionMark::begins));
            refused += one.session == SessionMark::broken ? 1 : 0;
            before = one.session;
        }
        CHECK(refused > 50);
    }
}

TEST_CASE("A hash of the session's name keeps those sessions alone that began where it leads")
{
    struct Row
    {
        std::string kind;
        std::string balancer;
    };
    for (const Row& row :
         {Row {"mcp",
               "product: haproxy, algorithm: hash, hash-on: header, hash-name: "
               "Mcp-Session-Id"},
          Row {"socketio", "product: haproxy, algorithm: hash, hash-on: query, hash-name: sid"},
          Row {"signalr", "product: nginx, algorithm: hash, hash-on: query, hash-name: id"},
          Row {"mcp",
               "product: envoy, algorithm: ring_hash, hash-on: header, hash-name: "
               "mcp-session-id"}}) {
        CAPTURE(row.kind);
        CAPTURE(row.balancer);
        const SessionCounts sessions = sessionsOf(ofKind(row.kind, row.balancer));
        // One of three begins there by chance.
        CHECK(sessions.refused > sessions.begun / 2);
        CHECK(sessions.refused < sessions.begun * 4 / 5);
        CHECK(sessions.refusedLater == 0);
        CHECK(sessions.met > 100);
    }
}

TEST_CASE("A table that learns the session's header keeps all of them")
{
    for (const char* balancer :
         {"product: haproxy, sticky: {mode: stick-table, stick-on: header}",
          "product: nginx, sticky: {method: learn, learn-header: Mcp-Session-Id}"}) {
        CAPTURE(balancer);
        const SessionCounts sessions = sessionsOf(ofKind("mcp", balancer));
        CHECK(sessions.refused == 0);
        CHECK(sessions.met > 500);
    }
    // Another header tells it nothing.
    CHECK(sessionsOf(ofKind("mcp",
                            "product: haproxy, sticky: {mode: stick-table, stick-on: header, "
                            "stick-header: X-Session}"))
              .refused
          > 100);
}

TEST_CASE("What names the session is explained, and the others are asked with it")
{
    const auto scenario = ofKind("mcp",
                                 "product: haproxy, algorithm: hash, hash-on: header, "
                                 "hash-name: Mcp-Session-Id");
    std::set<std::string> named;
    for (std::uint64_t request = 9; request < 40; ++request) {
        const auto explained = explainRequest(scenario, LaneIndex {0}, request);
        REQUIRE(explained);
        if (explained->session == SessionMark::begins)
            CHECK(explained->namedSession.empty());
        if (explained->session == SessionMark::met)
            CHECK(explained->namedSession.starts_with("Mcp-Session-Id: "));
        if (!explained->namedSession.empty())
            named.insert(explained->namedSession);
    }
    CHECK(named.size() > 3);
    const auto polls = ofKind("socketio", "product: plain");
    const auto poll = explainRequest(polls, LaneIndex {0}, 30);
    REQUIRE(poll);
    CHECK((poll->session == SessionMark::begins || poll->namedSession.starts_with("?sid=")));
}
