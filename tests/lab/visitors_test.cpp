// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What those who ask a lab by themselves are called.
#include "sim/lab/visitors.h"

#include "sim/wire/websocket_client.h"
#include "tests/lab/replica_trial.h"

#include <doctest/doctest.h>
#include <vector>

using namespace stickyscope;
using namespace stickyscope::test;
using lab::ReplicaEvent;
using lab::Visitors;

namespace {

constexpr const char* here = "127.0.0.1:50000";

ReplicaEvent asking(const std::string& agent)
{
    return {.agent = agent};
}

ReplicaEvent opening(const std::string& agent, bool origin)
{
    return {.agent = agent, .webSocket = true, .origin = origin};
}

} // namespace

TEST_CASE("A visitor is called by its program, and without User-Agent by what it opens")
{
    struct Row
    {
        ReplicaEvent asked;
        const char* name;
        ClientKind kind;
    };
    const std::vector<Row> rows {
        {asking("curl/7.88.1"), "curl", ClientKind::curl},
        {asking("Mozilla/5.0 (X11; Linux x86_64)"), "browser", ClientKind::browser},
        {asking("python-requests/2.28.1"), "python-requests", ClientKind::rest},
        {asking("<script>"), "visitor", ClientKind::rest},
        {asking(""), "visitor", ClientKind::rest},
        // As Node's ws.
        {opening("", false), "WebSocket client", ClientKind::websocket},
        // A browser whose User-Agent somebody has taken away.
        {opening("", true), "visitor", ClientKind::rest},
        {opening("Mozilla/5.0", true), "browser", ClientKind::browser},
        {opening("node", false), "node", ClientKind::rest},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Visitors visitors;
        const Visitors::Visitor& one = visitors.find(here, row.asked);
        CHECK(one.name == row.name);
        CHECK(one.kind == row.kind);
    }
}

TEST_CASE("Another address, program or jar is another visitor, and there are no more than so many")
{
    Visitors visitors;
    CHECK(visitors.find(here, opening("", false)).name == "WebSocket client");
    CHECK(visitors.find("127.0.0.1:50001", opening("", false)).name == "WebSocket client");
    CHECK(visitors.find("127.0.0.2:50000", opening("", false)).name == "WebSocket client-2");
    CHECK(visitors.find(here, asking("")).name == "visitor");
    CHECK(visitors.find(here, {.agent = "curl/8", .visitor = "one"}).name == "curl");
    CHECK(visitors.find(here, {.agent = "curl/8", .visitor = "two"}).name == "curl-2");
    for (std::size_t number = 5; number < Visitors::most; ++number)
        CHECK(visitors.find("127.0.1." + std::to_string(number) + ":1", asking("curl/8")).number
              == number);
    CHECK(visitors.find("127.0.2.1:1", asking("curl/8")).name == "others");
    CHECK(visitors.find("127.0.2.2:1", asking("wget/1")).name == "others");
    CHECK(visitors.find(here, opening("", false)).number == 0);
}

TEST_CASE("A replica tells of a handshake what browsers and programs say differently")
{
    lab::ReplicaServer server("server-1", nullptr);
    start(server);
    std::vector<ReplicaEvent> asked;
    server.setNoted([&](const ReplicaEvent& event) {
        if (event.kind == ReplicaEvent::Kind::asked)
            asked.push_back(event);
    });
    wire::WebSocketClient program(endpointOf(server), nullptr);
    program.open(request("GET", "/streaming"));
    REQUIRE(waitUntil([&] { return program.isOpen(); }));
    http::Fields fields;
    fields.add("Origin", "http://127.0.0.1");
    wire::WebSocketClient page(endpointOf(server), nullptr);
    page.open(request("GET", "/streaming", fields));
    REQUIRE(waitUntil([&] { return page.isOpen(); }));
    Asked(endpointOf(server), request("GET", "/hostname", fields)).end();
    REQUIRE(asked.size() == 3);
    CHECK(asked[0].webSocket);
    CHECK(!asked[0].origin);
    CHECK(asked[1].webSocket);
    CHECK(asked[1].origin);
    CHECK(!asked[2].webSocket);
    CHECK(asked[2].origin);
}
