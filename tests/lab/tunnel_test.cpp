// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// WebSockets through the balancer.
#include "sim/lab/replica_server.h"
#include "sim/wire/epoll_event_loop.h"
#include "sim/wire/websocket_client.h"
#include "tests/lab/proxy_trial.h"
#include "tests/lab/tunnel_handshake.h"

#include <QThread>

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// Accepts each handshake, and gives back what follows in capitals.
Peer::Act shouts()
{
    return [](Peer::Connection& connection) {
        const auto end = connection.unread.find("\r\n\r\n");
        if (!connection.socket->property("open").toBool()) {
            if (end == std::string::npos)
                return;
            connection.socket->setProperty("open", true);
            connection.socket->write(accepted.data(), static_cast<qint64>(accepted.size()));
            connection.unread.erase(0, end + 4);
        }
        std::transform(connection.unread.begin(), connection.unread.end(),
                       connection.unread.begin(),
                       [](char letter) { return static_cast<char>(std::toupper(letter)); });
        connection.socket->write(connection.unread.data(),
                                 static_cast<qint64>(connection.unread.size()));
        connection.unread.clear();
    };
}

wire::Endpoint endpointOf(std::uint16_t port)
{
    return {.url = *http::parseUrl("ws://127.0.0.1:" + std::to_string(port) + "/streaming")};
}

} // namespace

TEST_CASE("A handshake goes through with its Set-Cookie on the 101, and octets both ways")
{
    Peer replica(shouts());
    ProxyTrial trial({replica.backend()});
    // What comes behind the handshake at once is the tunnel's already.
    RawClient client(trial.port(), handshake + "early ");
    REQUIRE(client.gets("EARLY "));
    client.send("late");
    REQUIRE(client.gets("LATE"));
    CHECK(has(client.received, "HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(has(client.received, "Set-Cookie: "));
    CHECK(has(client.received, "Sec-WebSocket-Accept: x\r\n"));
    CHECK(client.count("Upgrade: websocket\r\n") == 1);
    CHECK(has(replica.connections[0].all, "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
    REQUIRE(trial.records.size() == 1);
    CHECK(trial.records[0].webSocket);
    CHECK(trial.records[0].status == 101);
    CHECK(trial.records[0].cookieOut == CookieOut::inserted);
    CHECK(trial.proxy.clientConnections() == 1);
    client.socket.disconnectFromHost();
    CHECK(waitUntil([&] { return replica.connections[0].closed; }));
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
    CHECK(trial.proxy.replicaConnections() == 0);
}

TEST_CASE("Apache's cookie does not reach a 101")
{
    Peer replica(shouts());
    lab::ProxySettings settings;
    settings.balancer.product = "apache";
    ProxyTrial trial({replica.backend()}, settings);
    RawClient client(trial.port(), handshake);
    REQUIRE(client.gets("101 Switching Protocols"));
    CHECK(!has(client.received, "Set-Cookie"));
}

TEST_CASE("A replica that refuses the handshake answers as to any request")
{
    const auto replica = Peer::answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    ProxyTrial trial({replica->backend()});
    RawClient client(trial.port(), handshake + get);
    CHECK(waitUntil([&] { return client.count("\r\n\r\nno") == 2; }));
    CHECK(trial.records[0].answered);
    CHECK(trial.records[0].status == 403);
}

TEST_CASE("Whoever ends a tunnel, the other end learns it")
{
    Peer replica(shouts());
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port(), handshake);
    REQUIRE(client.gets("\r\n\r\n"));
    replica.connections[0].socket->disconnectFromHost();
    CHECK(client.isClosed());
    RawClient other(trial.port(), handshake);
    REQUIRE(other.gets("\r\n\r\n"));
    replica.connections[1].socket->abort();
    CHECK(other.isClosed());
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
}

TEST_CASE("A tunnel takes no more than its slower side, and loses nothing")
{
    constexpr std::size_t whole = std::size_t {32} << 20U;
    Peer replica([&](Peer::Connection& connection) {
        connection.socket->write(accepted.data(), static_cast<qint64>(accepted.size()));
        connection.socket->write(QByteArray(whole, 'x'));
    });
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port());
    client.paused = true;
    client.socket.setReadBufferSize(4096);
    client.send(handshake);
    REQUIRE(waitUntil([&] { return trial.records.size() == 1; }));
    // It has come to rest when the replica sends no more.
    qint64 left = -1;
    QElapsedTimer clock;
    clock.start();
    CHECK(waitUntil([&] {
        if (left != replica.connections[0].socket->bytesToWrite())
            clock.restart();
        left = replica.connections[0].socket->bytesToWrite();
        return clock.elapsed() > 100;
    }));
    CHECK(left > qint64(whole / 4));
    client.socket.setReadBufferSize(0);
    std::size_t got = 0;
    CHECK(waitUntil([&] {
        got += static_cast<std::size_t>(client.socket.readAll().size());
        return got >= whole;
    }));
}

TEST_CASE("An idle tunnel is closed in the end")
{
    lab::ProxySettings settings;
    settings.limits.tunnelIdle = std::chrono::seconds(1);
    Peer replica(shouts());
    ProxyTrial trial({replica.backend()}, settings);
    RawClient client(trial.port(), handshake);
    REQUIRE(client.gets("101 "));
    CHECK(client.isClosed());
}

TEST_CASE("Our client and our replica talk through it, on a thread with an epoll event loop")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress(QHostAddress::LocalHost), 0).empty());
    QThread thread;
    thread.setEventDispatcher(new wire::EpollEventLoop);
    thread.start();
    QObject there;
    there.moveToThread(&thread);
    lab::BalancerProxy* proxy = nullptr;
    QMetaObject::invokeMethod(
        &there,
        [&] {
            proxy = new lab::BalancerProxy(
                {},
                {{{.name = "server-1",
                   .url = "http://127.0.0.1:" + std::to_string(replica.port())}}},
                nullptr);
            proxy->listen(QHostAddress(QHostAddress::LocalHost), 0);
        },
        Qt::BlockingQueuedConnection);
    {
        std::deque<wire::WebSocketClient> clients;
        int opened = 0;
        int received = 0;
        constexpr int count = 50;
        for (int number = 0; number < count; ++number) {
            wire::WebSocketClient& client =
                clients.emplace_back(endpointOf(proxy->port()), nullptr);
            QObject::connect(&client, &wire::WebSocketClient::handshakeEnded, &client,
                             [&](const wire::Exchange& exchange) {
                                 opened += exchange.head.fields.find("Set-Cookie") ? 1 : 0;
                                 client.send(R"({"topic": "hello"})");
                             });
            QObject::connect(&client, &wire::WebSocketClient::received, &client,
                             [&](const QByteArray& message) {
                                 received += message.contains("server-1") ? 1 : 0;
                                 client.close();
                             });
            http::RequestHead head {.target = "/streaming"};
            head.fields.add("Host", "app.example");
            client.open(head);
        }
        CHECK(waitUntil([&] { return received == count; }));
        CHECK(opened == count);
        CHECK(waitUntil([&] {
            return std::none_of(clients.begin(), clients.end(),
                                [](const auto& client) { return client.isOpen(); });
        }));
    }
    QMetaObject::invokeMethod(
        &there, [&] { delete proxy; }, Qt::BlockingQueuedConnection);
    QMetaObject::invokeMethod(
        &there, [&] { there.moveToThread(QCoreApplication::instance()->thread()); },
        Qt::BlockingQueuedConnection);
    thread.quit();
    thread.wait();
}
