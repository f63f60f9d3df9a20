// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What our balancer does with requests and answers that are as they should be.
#include "sim/lab/balancer_proxy.h"

#include "tests/lab/proxy_trial.h"

#include <doctest/doctest.h>
#include <set>
#include <sys/socket.h>

using namespace stickyscope;
using namespace stickyscope::test;

TEST_CASE("A request is passed on without the fields of its hop, and with who asked")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    REQUIRE(trial.error.empty());
    const std::string answer = trial.ask(
        "GET /a?b=c HTTP/1.1\r\nHost: app.example\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\n"
        "Keep-Alive: timeout=5\r\nTE: trailers\r\nUpgrade: h2c\r\nProxy-Connection: x\r\n"
        "Trailer: X\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"
        "X-Forwarded-Proto: gopher\r\nX-Other: stays\r\n\r\n");
    CHECK(has(answer, "HTTP/1.1 200 OK\r\n"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    REQUIRE(replica->requests.size() == 1);
    const http::RequestHead& head = replica->requests[0].head;
    CHECK(head.target == "/a?b=c");
    CHECK(*head.fields.find("Host") == "app.example");
    CHECK(*head.fields.find("X-Other") == "stays");
    for (const char* gone :
         {"Connection", "X-Mine", "Keep-Alive", "TE", "Upgrade", "Proxy-Connection", "Trailer"})
        CHECK(head.fields.find(gone) == nullptr);
    CHECK(head.fields.all("X-Forwarded-For")
          == std::vector<std::string_view> {"192.0.2.1, 192.0.2.2, 127.0.0.1"});
    CHECK(*head.fields.find("X-Forwarded-Proto") == "http");
    CHECK(*head.fields.find("X-Forwarded-Host") == "app.example");
    REQUIRE(head.fields.find("X-Request-Id"));
    REQUIRE(trial.records.size() == 1);
    CHECK(*head.fields.find("X-Request-Id") == trial.records[0].requestId);
}

TEST_CASE("What Connection names goes no further, be it Cookie; the cookie still says where to")
{
    const auto one = Peer::answering(ok);
    const auto two = Peer::answering(ok);
    ProxyTrial trial({one->backend("r1"), two->backend("r2")});
    const std::string first = trial.ask(get);
    const auto begin = first.find("Set-Cookie: ") + 12;
    const std::string cookie = first.substr(begin, first.find(';', begin) - begin);
    for (int time = 0; time < 4; ++time)
        trial.ask("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookie
                  + "\r\nX-Forwarded-For: 192.0.2.1\r\n"
                    "Connection: cookie, X-Forwarded-For\r\n\r\n");
    const auto& kept = one->requests.empty() ? two->requests : one->requests;
    REQUIRE(kept.size() == 5);
    CHECK(kept[4].head.fields.find("Cookie") == nullptr);
    CHECK(*kept[4].head.fields.find("X-Forwarded-For") == "127.0.0.1");
}

TEST_CASE("Envoy's hash cookie is one for all requests of a connection that bring none")
{
    const auto one = Peer::answering(ok);
    const auto two = Peer::answering(ok);
    lab::ProxySettings settings;
    settings.balancer.product = "envoy";
    settings.balancer.algorithm = "ring_hash";
    settings.balancer.sticky = StickySpec {.cookie = "u"};
    settings.balancer.sticky->settings = {{"hash-policy", true}, {"ttl", Duration {}}};
    ProxyTrial trial({one->backend("r1"), two->backend("r2")}, settings);
    const auto cookieIn = [](const std::string& answer) {
        const auto begin = answer.find("u=");
        return begin == std::string::npos ? answer
                                          : answer.substr(begin, answer.find(';', begin) - begin);
    };
    std::set<std::string> values;
    for (int connection = 0; connection < 4; ++connection) {
        RawClient client(trial.port());
        std::set<std::string> ofIt;
        for (int time = 0; time < 3; ++time) {
            client.received.clear();
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            REQUIRE(client.gets("\r\n\r\n"));
            ofIt.insert(cookieIn(client.received));
        }
        CHECK(ofIt.size() == 1);
        values.merge(ofIt);
    }
    CHECK(values.size() == 4);
}

TEST_CASE("A usable X-Request-Id is the client's own; another is replaced")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    trial.ask("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine-7\r\n\r\n");
    trial.ask("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: two words\r\n\r\n");
    REQUIRE(replica->requests.size() == 2);
    CHECK(replica->requests[0].head.fields.all("X-Request-Id")
          == std::vector<std::string_view> {"mine-7"});
    CHECK(trial.records[0].requestId == "mine-7");
    CHECK(*replica->requests[1].head.fields.find("X-Request-Id") == trial.records[1].requestId);
    CHECK(!has(trial.records[1].requestId, " "));
}

TEST_CASE("A client that keeps its sticky cookie keeps its replica, and records say why")
{
    const auto one = Peer::answering(ok);
    const auto two = Peer::answering(ok);
    const auto three = Peer::answering(ok);
    ProxyTrial trial({one->backend("r1"), two->backend("r2"), three->backend("r3")});
    const std::string first = trial.ask(get);
    const auto begin = first.find("Set-Cookie: ") + 12;
    REQUIRE(begin > 12);
    const std::string cookie = first.substr(begin, first.find(';', begin) - begin);
    for (int time = 0; time < 5; ++time)
        trial.ask("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + "\r\n\r\n");
    for (int time = 0; time < 5; ++time)
        trial.ask(get);
    REQUIRE(trial.records.size() == 11);
    CHECK(trial.records[0].cookieIn == CookieIn::none);
    CHECK(trial.records[0].cookieOut == CookieOut::inserted);
    for (std::size_t time = 1; time < 6; ++time) {
        CHECK(trial.records[time].replica == trial.records[0].replica);
        CHECK(trial.records[time].cookieIn == CookieIn::valid);
        CHECK(trial.records[time].ledger == Ledger::valid);
        REQUIRE(trial.records[time].rule);
        CHECK(!trial.records[time].rule->sentence.empty());
    }
    CHECK(trial.records[6].replica != trial.records[7].replica);
    for (const auto* replica : {&one, &two, &three})
        CHECK((*replica)->requests.size() >= 2);
}

TEST_CASE("HAProxy's cookie goes no further than the balancer where it is indirect")
{
    const auto replica = Peer::answering(ok);
    lab::ProxySettings settings;
    settings.balancer.product = "haproxy";
    settings.balancer.sticky->cookie = "SRV";
    settings.balancer.sticky->settings.set("indirect", true);
    ProxyTrial trial({replica->backend("r1")}, settings);
    trial.ask("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1; SRV=r1; b=2\r\n\r\n");
    REQUIRE(replica->requests.size() == 1);
    REQUIRE(replica->requests[0].head.fields.find("Cookie"));
    CHECK(!has(*replica->requests[0].head.fields.find("Cookie"), "SRV"));
    CHECK(has(*replica->requests[0].head.fields.find("Cookie"), "a=1"));
}

TEST_CASE("Connections are kept on both sides, and pipelined requests answered in order")
{
    int number = 0;
    const auto replica = Peer::answering([&number](const Peer::Request& request) {
        const std::string body = request.head.target + "#" + std::to_string(++number);
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
            + body;
    });
    ProxyTrial trial({replica->backend()});
    RawClient client(trial.port());
    std::string all;
    for (int time = 1; time <= 40; ++time)
        all += "GET /" + std::to_string(time) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(all);
    REQUIRE(client.gets("/40#40"));
    CHECK(client.count("HTTP/1.1 200 OK") == 40);
    CHECK(client.received.find("/7#7") < client.received.find("/8#8"));
    CHECK(replica->connections.size() == 1);
    CHECK(trial.proxy.clientConnections() == 1);
    CHECK(trial.proxy.replicaConnections() == 1);
    client.socket.disconnectFromHost();
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
}

TEST_CASE("Bodies stream through in each framing")
{
    const std::string large(300'000, 'x');
    const auto replica = Peer::answering([](const Peer::Request& request) {
        const std::string size = std::to_string(request.body.size());
        if (request.head.target == "/chunked")
            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                   "chunked\r\n\r\n3;ext=1\r\nabc\r\n4\r\ndefg"
                   "\r\n0\r\nX-Trailer: 1\r\n\r\n"
                + std::string();
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(request.body.size())
            + "\r\n\r\n" + request.body;
    });
    ProxyTrial trial({replica->backend()});
    RawClient client(trial.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + large);
    CHECK(waitUntil([&] { return client.received.size() > large.size(); }));
    CHECK(client.received.ends_with("xxx"));
    CHECK(has(client.received, "Content-Length: 300000\r\n"));
    client.received.clear();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                "5\r\nhello\r\n1;a=b\r\n \r\n5\r\nworld\r\n0\r\nTrailer: dropped\r\n\r\n");
    CHECK(client.gets("\r\n\r\nhello world"));
    client.received.clear();
    client.send("GET /chunked HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.gets("0\r\n\r\n"));
    CHECK(has(client.received, "Transfer-Encoding: chunked\r\n"));
    CHECK(has(client.received, "\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));
    client.received.clear();
    // HTTP/1.0 knows no chunks: its body ends with the connection.
    client.send("GET /chunked HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    CHECK(client.isClosed());
    CHECK(client.received.ends_with("\r\n\r\nabcdefg"));
    CHECK(replica->malformed == 0);
    CHECK(replica->requests[1].head.fields.find("Trailer") == nullptr);
}

TEST_CASE("A body that ends with the replica's connection gets an end of its own")
{
    Peer replica([](Peer::Connection& connection) {
        connection.socket->write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        connection.socket->disconnectFromHost();
    });
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port(), get);
    CHECK(client.gets("0\r\n\r\n"));
    CHECK(has(client.received, "until the end\r\n"));
    REQUIRE(waitUntil([&] { return trial.records.size() == 1; }));
    CHECK(trial.records[0].answered);
    CHECK(!client.closed);
}

TEST_CASE("Answers without a body have none: HEAD, 204, 304")
{
    const auto replica = Peer::answering([](const Peer::Request& request) {
        if (request.head.target == "/204")
            return std::string("HTTP/1.1 204 No Content\r\n\r\n");
        if (request.head.target == "/304")
            return std::string(
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: x\r\n\r\n");
        return std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    });
    ProxyTrial trial({replica->backend()});
    RawClient client(trial.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.gets("Content-Length: 5\r\n\r\n"));
    client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.gets("204 No Content\r\n"));
    client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.gets("Content-Length: 77\r\n\r\n"));
    CHECK(waitUntil([&] { return trial.records.size() == 3; }));
    CHECK(client.count("Content-Length") == 2);
    CHECK(replica->connections.size() == 1);
}

TEST_CASE("Who waits for a 100 gets the replica's, and its final answer where that comes first")
{
    Peer replica([](Peer::Connection& connection) {
        if (has(connection.unread, "/refuses")) {
            connection.unread.clear();
            connection.socket->write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        } else if (has(connection.unread, "\r\n\r\nbody")) {
            connection.unread.clear();
            connection.socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        } else if (connection.unread.ends_with("\r\n\r\n")) {
            connection.socket->write(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
        }
    });
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    REQUIRE(client.gets("HTTP/1.1 100 Continue\r\n\r\n"));
    CHECK(client.gets("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));
    CHECK(!has(client.received, "200 OK"));
    client.send("body");
    CHECK(client.gets("\r\n\r\nok"));
    RawClient refused(trial.port());
    refused.send("POST /refuses HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
                 "4\r\n\r\n");
    CHECK(refused.gets("403 Forbidden"));
    CHECK(refused.isClosed()); // nobody knows whether the body still comes
    CHECK(has(refused.received, "Connection: close"));
}

TEST_CASE("A request in absolute form is passed on in origin form, by its own host")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    trial.ask("GET http://Real.example:81/p?q HTTP/1.1\r\nHost: other\r\n\r\n");
    REQUIRE(replica->requests.size() == 1);
    CHECK(replica->requests[0].head.target == "/p?q");
    CHECK(*replica->requests[0].head.fields.find("Host") == "Real.example:81");
}

TEST_CASE("OPTIONS of an address without a path is passed on for the whole server, with *")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    for (const char* target : {"http://a.example", "http://a.example/", "http://a.example?x"})
        trial.ask(std::string("OPTIONS ") + target + " HTTP/1.1\r\nHost: b\r\n\r\n");
    trial.ask("GET http://a.example HTTP/1.1\r\nHost: b\r\n\r\n");
    REQUIRE(replica->requests.size() == 4);
    CHECK(replica->requests[0].head.target == "*");
    CHECK(*replica->requests[0].head.fields.find("Host") == "a.example");
    CHECK(replica->requests[1].head.target == "/");
    CHECK(replica->requests[2].head.target == "/?x");
    CHECK(replica->requests[3].head.target == "/");
}

TEST_CASE("A client that half-closes after its request gets what its product gives it")
{
    struct Row
    {
        const char* product;
        bool lets; ///< its request go
        const char* gets;
    };
    // As measured (tests/interop/half_closed.py).
    for (const Row& row :
         {Row {"haproxy", false, "\r\n\r\nok"}, Row {"apache", false, "\r\n\r\nok"},
          Row {"nginx", true, ""}, Row {"envoy", true, ""}, Row {"traefik", true, "HTTP/1.1 499 "},
          Row {"caddy", true, "HTTP/1.1 200 "}}) {
        CAPTURE(row.product);
        Peer silent([](Peer::Connection&) {});
        lab::ProxySettings settings;
        settings.balancer.product = row.product;
        settings.balancer.sticky.reset();
        ProxyTrial trial({silent.backend()}, settings);
        RawClient client(trial.port(), get);
        REQUIRE(waitUntil(
            [&] { return !silent.connections.empty() && !silent.connections[0].all.empty(); }));
        ::shutdown(static_cast<int>(client.socket.socketDescriptor()), SHUT_WR);
        if (row.lets)
            CHECK(waitUntil([&] { return silent.connections[0].closed; }));
        else
            silent.connections[0].socket->write(ok.data(), static_cast<qint64>(ok.size()));
        CHECK(client.isClosed());
        CHECK(client.received.find(row.gets) != std::string::npos);
        CHECK(client.received.empty() == std::string_view(row.gets).empty());
    }
}

TEST_CASE("Stopping ends all connections and lets nobody in")
{
    Peer silent([](Peer::Connection&) {});
    ProxyTrial trial({silent.backend()});
    RawClient busy(trial.port(), get);
    RawClient idle(trial.port());
    REQUIRE(waitUntil([&] {
        return !silent.connections.empty() && !silent.connections[0].all.empty()
            && trial.proxy.clientConnections() == 2;
    }));
    trial.proxy.stop();
    CHECK(trial.proxy.clientConnections() == 0);
    CHECK(trial.proxy.replicaConnections() == 0);
    CHECK(busy.isClosed());
    CHECK(idle.isClosed());
    REQUIRE(trial.records.size() == 1);
    CHECK(trial.records[0].why == "the balancer stops");
    CHECK_FALSE(trial.records[0].answered);
    CHECK(waitUntil([&] { return silent.connections[0].closed; }));
    RawClient late(trial.port());
    CHECK(
        waitUntil([&] { return late.socket.error() == QAbstractSocket::ConnectionRefusedError; }));
}
