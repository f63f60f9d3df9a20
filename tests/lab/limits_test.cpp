// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What our balancer and replicas put up with by default, and what has no other file.
#include "sim/lab/replica_server.h"
#include "tests/lab/proxy_trial.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

const std::string handshake =
    "GET /streaming?mode=echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

} // namespace

TEST_CASE("The limits that nobody has changed")
{
    const lab::ProxyLimits limits;
    CHECK(limits.connections == 2'000);
    CHECK(limits.connectionsPerReplica == 256);
    CHECK(limits.queuePerReplica == 1'024);
    CHECK(limits.buffer == 256 << 10);
    CHECK(limits.requestsPerConnection == 1'000);
    CHECK(limits.pipelined == 16);
    CHECK(limits.head == 10s);
    CHECK(limits.bodyPause == 30s);
    CHECK(limits.sendPause == 30s);
    CHECK(limits.idle == 60s);
    CHECK(limits.connect == 2s);
    CHECK(limits.firstByte == 30s);
    CHECK(limits.answerPause == 30s);
    CHECK(limits.tunnelIdle == 1h);
    CHECK(limits.tunnelClose == 5s);
    CHECK(lab::SocketLimits().silence == 60s);
    CHECK(lab::SocketLimits().closeWait == 5s);
}

TEST_CASE("A replica that takes no connection in time is a 502")
{
    // The kernel answers no further connection where a queue of one is full.
    QTcpServer full;
    full.setListenBacklogSize(1);
    REQUIRE(full.listen(QHostAddress::LocalHost, 0));
    full.pauseAccepting();
    std::deque<QTcpSocket> waiting;
    bool taken = true;
    while (taken && waiting.size() < 20) {
        waiting.emplace_back().connectToHost(QHostAddress(QHostAddress::LocalHost),
                                             full.serverPort());
        taken = waitUntil([&] { return waiting.back().state() == QAbstractSocket::ConnectedState; },
                          500);
    }
    REQUIRE_FALSE(taken);
    lab::ProxySettings settings;
    settings.limits.connect = 200ms;
    const std::string url = "http://127.0.0.1:" + std::to_string(full.serverPort());
    ProxyTrial trial({{{.name = "r1", .url = url}}}, settings);
    CHECK(has(trial.ask(get), "HTTP/1.1 502 Bad Gateway\r\n"));
    CHECK(trial.records[0].failure != Failure::none);
}

TEST_CASE("A connection is idle only once its answer has been taken, however slowly")
{
    constexpr std::size_t whole = std::size_t {32} << 20U;
    lab::ProxySettings settings;
    settings.limits.idle = 200ms;
    settings.limits.buffer = 2 * whole; // so that the replica has soon done with it
    SlowReader reader(whole, settings);
    REQUIRE(waitUntil([&] { return !reader.trial.records.empty(); }));
    QElapsedTimer clock;
    clock.start();
    CHECK(waitUntil([&] {
        reader.reads(100);
        return clock.elapsed() > 800;
    }));
    CHECK(waitUntil([&] { return reader.reads(1 << 20) > whole; }));
    clock.restart();
    CHECK(waitUntil([&] {
        reader.reads(1 << 20);
        return reader.client.closed;
    }));
}

TEST_CASE("A full queue is told with a 503 and Retry-After")
{
    lab::ProxySettings settings;
    settings.limits.connectionsPerReplica = 1;
    settings.limits.queuePerReplica = 1;
    Peer silent([](Peer::Connection&) {});
    ProxyTrial trial({silent.backend()}, settings);
    RawClient served(trial.port(), get);
    REQUIRE(waitUntil([&] { return trial.proxy.replicaConnections() == 1; }));
    RawClient queued(trial.port(), get);
    REQUIRE(waitUntil([&] { return trial.proxy.clientConnections() == 2; }));
    RawClient refused(trial.port(), get);
    CHECK(waitUntil([&] { return has(refused.received + queued.received, "\r\n\r\n"); }));
    const std::string answer = refused.received + queued.received;
    CHECK(has(answer, "HTTP/1.1 503 "));
    CHECK(has(answer, "Retry-After: 1\r\n"));
}

TEST_CASE("A client that sends one request after the other without an end is not read without one")
{
    Peer silent([](Peer::Connection&) {});
    ProxyTrial trial({silent.backend()});
    RawClient client(trial.port());
    std::string many;
    while (many.size() < (std::size_t {32} << 20U))
        many += get;
    client.send(many);
    REQUIRE(waitUntil([&] { return !silent.connections.empty(); }));
    // What the system holds for the connection is far less; nothing moves any more in the end.
    qint64 left = -1;
    CHECK(waitUntil([&] {
        const qint64 now = client.socket.bytesToWrite();
        return std::exchange(left, now) == now && now < qint64(many.size());
    }));
    CHECK(left > qint64(many.size() / 2));
    // One at a time reaches the replica.
    CHECK(silent.connections.size() == 1);
    CHECK(silent.connections[0].all.find("\r\n\r\n") == silent.connections[0].all.size() - 4);
}

TEST_CASE("A WebSocket's peer that says nothing is asked, and then left with 1001")
{
    lab::ReplicaMake make;
    make.spec.name = "server-1";
    make.limits.sockets = {.silence = 100ms, .closeWait = 100ms};
    lab::ReplicaServer server(make, nullptr);
    REQUIRE(server.listen(QHostAddress::LocalHost, 0).empty());
    RawClient client(server.port(), handshake);
    REQUIRE(client.gets("\r\n\r\n"));
    CHECK(client.gets(std::string("\x89\x00", 2))); // a ping
    CHECK(client.gets("\x88\x02\x03\xe9")); // 1001
    // It does not answer that either: the connection is dropped.
    CHECK(client.isClosed());
}

TEST_CASE("A WebSocket message may be told to be smaller")
{
    lab::ReplicaMake make;
    make.limits.sockets.message = 4;
    lab::ReplicaServer server(make, nullptr);
    REQUIRE(server.listen(QHostAddress::LocalHost, 0).empty());
    RawClient client(server.port(), handshake);
    REQUIRE(client.gets("\r\n\r\n"));
    // Masked with zeros: 4 octets, and 5.
    client.send(std::string("\x82\x84\0\0\0\0four", 10));
    CHECK(client.gets("four"));
    client.send(std::string("\x82\x85\0\0\0\0fifth", 11));
    CHECK(client.gets("\x03\xf1"));
    CHECK(client.isClosed());
}

TEST_CASE("A WebSocket message of more than a mebibyte is answered with 1009")
{
    lab::ReplicaServer server("server-1", nullptr);
    REQUIRE(server.listen(QHostAddress::LocalHost, 0).empty());
    RawClient client(server.port(), handshake);
    REQUIRE(client.gets("\r\n\r\n"));
    // Masked with zeros: 1 MiB and one octet.
    client.send(std::string("\x82\xff\0\0\0\0\0\x10\0\x01\0\0\0\0", 14)
                + std::string((1 << 20) + 1, 'x'));
    CHECK(client.gets("\x03\xf1"));
    CHECK(client.isClosed());
}
