// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_server.h"

#include "sim/wire/websocket_client.h"
#include "tests/lab/replica_trial.h"

#include <QTcpSocket>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace stickyscope;
using namespace stickyscope::test;
using lab::ReplicaServer;

namespace {

std::string cookieSetBy(const wire::Exchange& exchange)
{
    const std::string* field = exchange.head.fields.find("Set-Cookie");
    return field ? field->substr(0, field->find(';')) : std::string();
}

} // namespace

TEST_CASE("A replica says its name, is well, and refuses what it does not have")
{
    ReplicaServer server("server-1", nullptr);
    start(server);
    const auto named = ask(server, request("GET", "/hostname"));
    CHECK(named.head.status == 200);
    CHECK(nlohmann::json::parse(named.body)["hostname"] == "server-1");
    CHECK(ask(server, request("GET", "/healthz")).head.status == 200);
    CHECK(ask(server, request("GET", "/nowhere")).head.status == 404);
    CHECK(ask(server, request("GET", "/login")).head.status == 405);
    CHECK(ask(server, request("GET", "/streaming")).head.status == 426);
    http::Fields html;
    html.add("Accept", "text/html");
    const auto page = ask(server, request("GET", "/", html));
    CHECK(page.body.find("\"hostname\":\"server-1\"") != std::string::npos);
    CHECK(page.body.find("://") == std::string::npos); // no outside resource
}

TEST_CASE("The page shows the sticky cookie's value, and of other cookies the names")
{
    ReplicaServer server("server-1", nullptr);
    start(server);
    http::Fields fields;
    fields.add("Cookie", "session=tango-7; who=s1; SERVERID=s2");
    const auto shown = [&] {
        return ask(server, request("GET", "/stickyscope/state", fields)).body;
    };
    // Known by its pattern...
    CHECK(nlohmann::json::parse(shown())["cookies"]
          == "session=(not shown); who=(not shown); SERVERID=s2");
    CHECK(nlohmann::json::parse(shown())["sticky"] == "SERVERID");
    // ...or by its name.
    server.setStickyName("who");
    CHECK(nlohmann::json::parse(shown())["cookies"]
          == "session=(not shown); who=s1; SERVERID=(not shown)");
    CHECK(nlohmann::json::parse(shown())["sticky"] == "who");
    CHECK(nlohmann::json::parse(ask(server, request("GET", "/stickyscope/state")).body)["sticky"]
          == "");
}

TEST_CASE("A cart is known to the replica that took the login, and to no other")
{
    ReplicaServer first("server-1", nullptr);
    ReplicaServer second("server-2", nullptr);
    start(first);
    start(second);
    CHECK(ask(first, request("GET", "/cart")).head.status == 401);
    const auto login = ask(first, request("POST", "/login"), "user=Ada+Lovelace");
    CHECK(nlohmann::json::parse(login.body)["user"] == "Ada Lovelace");
    http::Fields jar;
    jar.add("Cookie", cookieSetBy(login));
    CHECK(ask(first, request("POST", "/cart", jar)).head.status == 200);
    CHECK(nlohmann::json::parse(ask(first, request("GET", "/cart", jar)).body)["items"] == 1);
    CHECK(ask(second, request("GET", "/cart", jar)).head.status == 401);

    // Its memory is gone once it stops.
    first.stop();
    CHECK(ask(first, request("GET", "/hostname")).failure == Failure::connectionRefused);
    REQUIRE(first.start() == "");
    CHECK(ask(first, request("GET", "/cart", jar)).head.status == 401);
}

TEST_CASE("An Engine.IO session is known to the replica that opened it alone")
{
    ReplicaServer first("server-1", nullptr);
    ReplicaServer second("server-2", nullptr);
    start(first);
    start(second);
    const std::string polling = "/socket.io/?EIO=4&transport=polling";
    const auto opened = ask(first, request("GET", polling));
    REQUIRE(opened.body.starts_with('0'));
    const std::string id = nlohmann::json::parse(opened.body.substr(1))["sid"];
    const auto said = ask(first, request("POST", polling + "&sid=" + id), "40");
    CHECK(said.body == "ok");
    CHECK(ask(first, request("GET", polling + "&sid=" + id)).body.starts_with("40{"));
    const auto unknown = ask(second, request("GET", polling + "&sid=" + id));
    CHECK(unknown.head.status == 400);
    CHECK(unknown.body == R"({"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("Who says much to an Engine.IO session and fetches nothing is not kept")
{
    ReplicaServer server("server-1", nullptr);
    start(server);
    const std::string polling = "/socket.io/?EIO=4&transport=polling";
    const std::string id =
        nlohmann::json::parse(ask(server, request("GET", polling)).body.substr(1))["sid"];
    const http::RequestHead post = request("POST", polling + "&sid=" + id);
    CHECK(ask(server, post, std::string(1'000'001, '4')).head.status == 413);
    CHECK(ask(server, post, std::string(1000, '2')).body == "ok");
    std::string many;
    for (int packet = 0; packet < 3000; ++packet)
        many += "40\x1e";
    CHECK(ask(server, post, many).head.status == 400);
    CHECK(ask(server, post, "40").body == R"({"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("A session may have any name that a field can hold")
{
    lab::ReplicaMake shared = make("server-1");
    shared.spec.sessions = SessionStore::shared;
    ReplicaServer server(shared, nullptr);
    start(server);
    const auto opened =
        ask(server, request("GET", "/x?EIO=4&transport=polling", marked("0 0 browser", "\xff")));
    CHECK(opened.body.starts_with("0{"));
}

TEST_CASE("What Engine.IO answers is logged with the status that goes out, when it goes out")
{
    ReplicaServer server("server-1", nullptr);
    std::vector<std::string> log;
    server.setLog([&log](const std::string& line) { log.push_back(line); });
    std::vector<int> noted;
    server.setNoted([&noted](const lab::ReplicaEvent& event) {
        if (event.kind == lab::ReplicaEvent::Kind::answered)
            noted.push_back(event.code);
    });
    start(server);
    const std::string polling = "/socket.io/?EIO=4&transport=polling";
    ask(server, request("POST", polling + "&sid=zz"), "40");
    ask(server, request("GET", "/socket.io/?EIO=3&transport=polling"));
    ask(server, request("GET", "/socket.io/?EIO=4&transport=pigeon"));
    ask(server, request("PUT", polling));
    CHECK(noted == std::vector<int> {400, 400, 400, 400});
    const std::string id =
        nlohmann::json::parse(ask(server, request("GET", polling)).body.substr(1))["sid"];
    ask(server, request("PUT", polling + "&sid=" + id));
    CHECK(noted == std::vector<int> {400, 400, 400, 400, 200, 400});
    CHECK(server.answered() == 6);
    // A poll waits until there is something to say: it is not answered before.
    Asked poll(endpointOf(server), request("GET", polling + "&sid=" + id));
    ask(server, request("GET", "/hostname"));
    CHECK_FALSE(poll.ended());
    CHECK(server.answered() == 7);
    Asked second(endpointOf(server), request("GET", polling + "&sid=" + id));
    CHECK(poll.end().body == "1");
    CHECK(server.answered() == 8);
    ask(server, request("POST", polling + "&sid=" + id), "40");
    CHECK(second.end().body.starts_with("40{"));
    CHECK(noted.size() == 10);
    REQUIRE(log.size() == 10);
    CHECK(log[0].ends_with("POST /socket.io/ 400"));
    CHECK(log[6].ends_with("GET /hostname 200"));
    CHECK(log[7].ends_with("GET /socket.io/ 200"));
}

TEST_CASE("A replica knows what has come to it past any balancer")
{
    ReplicaServer server("server-1", nullptr);
    start(server);
    std::vector<bool> direct;
    server.setAnswered([&direct](const std::string&, ClientIndex, std::uint32_t, bool straight) {
        direct.push_back(straight);
    });
    const std::string own = "127.0.0.1:" + std::to_string(server.port());
    const auto asks = [&](const std::string& host, const char* forwarded) {
        http::RequestHead head {.method = "GET", .target = "/hostname"};
        head.fields.add("Host", host);
        if (forwarded)
            head.fields.add("X-Forwarded-For", forwarded);
        ask(server, head);
    };
    asks(own, nullptr);
    asks(own, "127.0.0.1"); // a balancer's that writes its server's name
    asks("127.0.0.1:1", nullptr); // HAProxy's and nginx's, which say nothing of who asked
    CHECK(direct == std::vector<bool> {true, false, false});
}

TEST_CASE("WebSockets share the port; messages are answered, or echoed where asked")
{
    ReplicaServer server("server-1", nullptr);
    std::vector<std::string> log;
    server.setLog([&log](const std::string& line) { log.push_back(line); });
    start(server);
    for (const std::string target : {"/streaming", "/streaming?mode=echo"}) {
        wire::WebSocketClient client(endpointOf(server), nullptr);
        std::string heard;
        int code = 0;
        QObject::connect(&client, &wire::WebSocketClient::received, &client,
                         [&](const QByteArray& message) { heard = message.toStdString(); });
        QObject::connect(&client, &wire::WebSocketClient::closed, &client,
                         [&](int status) { code = status; });
        client.open(request("GET", target));
        REQUIRE(waitUntil([&] { return client.isOpen(); }));
        client.send(R"({"topic": "7"})");
        REQUIRE(waitUntil([&] { return !heard.empty(); }));
        CHECK(heard
              == (target == "/streaming" ? R"({"count":1,"hostname":"server-1","topic":"7"})"
                                         : R"({"topic": "7"})"));
        client.close();
        REQUIRE(waitUntil([&] { return code != 0; }));
        CHECK(code == 1000);
    }
    REQUIRE(waitUntil([&] { return log.size() == 5; }));
    CHECK(log[0].ends_with("GET /streaming 101"));
}

TEST_CASE("A stream of events carries the name, until the client goes")
{
    ReplicaServer server("server-1", nullptr);
    start(server);
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, server.port());
    socket.write("GET /sse HTTP/1.1\r\nHost: x\r\n\r\n");
    QByteArray all;
    REQUIRE(waitUntil([&] {
        all += socket.readAll();
        return all.contains("id: 1\n");
    }));
    CHECK(all.contains("text/event-stream"));
    CHECK(all.contains("\"hostname\":\"server-1\""));
}

TEST_CASE("Slots serve, the queue waits, and one more is refused")
{
    auto busy = make("server-1");
    busy.spec.slotCount = 1;
    busy.spec.queue = 1;
    busy.spec.serviceTime = {.mean = std::chrono::milliseconds(150)};
    ReplicaServer server(busy, nullptr);
    start(server);
    std::vector<std::unique_ptr<wire::HttpConnection>> connections;
    std::vector<wire::Exchange> ended;
    for (int number = 0; number < 3; ++number) {
        connections.push_back(std::make_unique<wire::HttpConnection>(endpointOf(server), nullptr));
        QObject::connect(connections.back().get(), &wire::HttpConnection::finished, &server,
                         [&ended](const wire::Exchange& exchange) { ended.push_back(exchange); });
        connections.back()->send(request("GET", "/hostname"));
    }
    REQUIRE(waitUntil([&] { return ended.size() == 3; }));
    CHECK(ended[0].failure != Failure::none);
    CHECK(ended[1].head.status == 200);
    CHECK(ended[2].latency >= std::chrono::milliseconds(300));
}

TEST_CASE("Our own clients are told whether their session is known here")
{
    ReplicaServer first(make("server-1"), nullptr);
    ReplicaServer second(make("server-2"), nullptr);
    start(first);
    start(second);
    const auto begun = ask(first, request("GET", "/any", marked("3 0 browser", "new")));
    const std::string* said = begun.head.fields.find(live::sessionMark);
    REQUIRE(said);
    REQUIRE(said->starts_with("begins "));
    const std::string name = said->substr(7);
    const auto met = ask(first, request("GET", "/any", marked("3 1 browser", name)));
    CHECK(*met.head.fields.find(live::sessionMark) == "met " + name);
    const auto broken = ask(second, request("GET", "/any", marked("3 2 socketio", name)));
    CHECK(*broken.head.fields.find(live::sessionMark) == "broken"); // and none is begun
    CHECK(broken.head.status == 400);
    const auto anew = ask(second, request("GET", "/any", marked("3 3 browser", name)));
    CHECK(anew.head.fields.find(live::sessionMark)->starts_with("broken "));
    CHECK(anew.head.status == 200);
}

TEST_CASE("An MCP session is named in the answer that begins it")
{
    ReplicaServer server(make("server-1"), nullptr);
    start(server);
    const auto begun = ask(server, request("POST", "/mcp", marked("3 0 mcp", "new")));
    const std::string* name = begun.head.fields.find("Mcp-Session-Id");
    REQUIRE(name);
    CHECK("begins " + *name == *begun.head.fields.find(live::sessionMark));
    const auto met = ask(server, request("POST", "/mcp", marked("3 1 mcp", *name)));
    CHECK(met.head.status == 200);
    CHECK(!met.head.fields.find("Mcp-Session-Id"));
    CHECK(ask(server, request("POST", "/mcp", marked("3 2 mcp", "other"))).head.status == 404);
}

TEST_CASE("Whoever comes without the application's session is given one, our clients or not")
{
    auto with = make("server-1");
    with.sessionCookie = "JSESSIONID";
    with.sessionRoute = true;
    with.spec.name = "server-1";
    ReplicaServer server(std::move(with), nullptr);
    start(server);
    const std::string given = cookieSetBy(ask(server, request("GET", "/hostname")));
    CHECK(given.starts_with("JSESSIONID="));
    CHECK(given.ends_with(".server-1"));
    CHECK(cookieSetBy(ask(server, request("GET", "/hostname"))) != given);
    http::Fields fields;
    fields.add("Cookie", given);
    CHECK(cookieSetBy(ask(server, request("GET", "/hostname", fields))).empty());
    CHECK(cookieSetBy(ask(server, request("GET", "/healthz"))).empty());
}
