// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Slow clients, slow readers, too many of anything.
#include "tests/lab/proxy_trial.h"
#include "tests/lab/scarce_files.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <utility>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

TEST_CASE("A head that takes too long is a 408, octets that trickle in or not")
{
    lab::ProxySettings settings;
    settings.limits.head = 200ms;
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()}, settings);
    RawClient stops(trial.port(), "GET / HTT");
    RawClient trickles(trial.port(), "G");
    QTimer drip;
    QObject::connect(&drip, &QTimer::timeout, &drip, [&] { trickles.send("E"); });
    drip.start(20);
    CHECK(stops.isClosed());
    CHECK(has(stops.received, "HTTP/1.1 408 Request Timeout\r\n"));
    CHECK(trickles.isClosed());
    CHECK(has(trickles.received, "HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_CASE("A pause in the client's body is a 408; an idle connection is closed without a word")
{
    lab::ProxySettings settings;
    settings.limits.bodyPause = 100ms;
    settings.limits.idle = 100ms;
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()}, settings);
    RawClient pauses(trial.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    CHECK(pauses.isClosed());
    CHECK(has(pauses.received, "HTTP/1.1 408 "));
    RawClient idle(trial.port());
    CHECK(idle.isClosed());
    CHECK(idle.received.empty());
    RawClient kept(trial.port(), get);
    CHECK(kept.isClosed());
    CHECK(kept.count("HTTP/1.1 ") == 1);
    CHECK(waitUntil([&] { return trial.proxy.replicaConnections() == 0; }));
    CHECK(replica->requests.size() == 1);
}

TEST_CASE("A body that comes an octet at a time is too slow in all; one that nobody takes is not")
{
    lab::ProxySettings settings;
    settings.limits.bodyPause = 300ms;
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()}, settings);
    RawClient trickles(trial.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
    QTimer drip;
    QObject::connect(&drip, &QTimer::timeout, &drip, [&] { trickles.send("x"); });
    drip.start(20);
    CHECK(trickles.isClosed());
    CHECK(has(trickles.received, "HTTP/1.1 408 "));
    drip.stop();
    // The replica reads nothing for longer than the client may pause.
    Peer slow([](Peer::Connection& connection) { connection.socket->setReadBufferSize(1); });
    ProxyTrial other({slow.backend()}, settings);
    const std::size_t size = std::size_t {8} << 20U;
    RawClient steady(other.port(),
                     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size)
                         + "\r\n\r\n" + std::string(size, 'x'));
    REQUIRE(waitUntil([&] { return !slow.connections.empty(); }));
    const auto since = std::chrono::steady_clock::now();
    waitUntil([&] { return std::chrono::steady_clock::now() - since > 600ms; });
    CHECK(!has(steady.received, "HTTP/1.1 408 "));
}

TEST_CASE("A connection ends after its share of requests, and says so")
{
    lab::ProxySettings settings;
    settings.limits.requestsPerConnection = 3;
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()}, settings);
    RawClient client(trial.port(), get + get + get + get);
    CHECK(client.isClosed());
    CHECK(client.count("200 OK") == 3);
    CHECK(client.count("Connection: close") == 1);
    CHECK(replica->requests.size() == 3);
}

TEST_CASE("A client that asks far ahead is not read until its turn comes")
{
    // More than the kernel's buffers hold on both sides.
    constexpr std::size_t ahead = 50'000;
    const std::string request = "GET /" + std::string(350, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    lab::ProxySettings settings;
    settings.limits.buffer = std::size_t {1} << 30U;
    settings.limits.requestsPerConnection = 1'000'000;
    std::string all;
    for (std::size_t time = 0; time < ahead; ++time)
        all += request;
    const auto sends = [&](const auto& until) {
        Peer silent([](Peer::Connection&) {});
        ProxyTrial trial({silent.backend()}, settings);
        RawClient client(trial.port());
        client.socket.write(all.data(), static_cast<qint64>(all.size()));
        return waitUntil([&] { return until(client.socket.bytesToWrite(), silent); });
    };
    qint64 left = -1;
    CHECK(sends([&left](qint64 now, const Peer& silent) {
        return std::exchange(left, now) == now && !silent.connections.empty();
    }));
    CHECK(left > 0);
    settings.limits.pipelined = ahead;
    CHECK(sends([](qint64 now, const Peer&) { return now == 0; }));
}

TEST_CASE("A body that is too large is a 413, told in advance or not")
{
    lab::ProxySettings settings;
    settings.limits.messages.requestBody = 1000;
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()}, settings);
    CHECK(has(trial.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"),
              "HTTP/1.1 413 "));
    CHECK(has(trial.ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
                        + std::string(1001, 'x') + "\r\n0\r\n\r\n"),
              "HTTP/1.1 413 "));
    CHECK(replica->requests.empty());
    CHECK(has(trial.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
                        + std::string(1000, 'x')),
              "200 OK"));
}

TEST_CASE("A client that does not read holds the replica back, and is dropped in the end")
{
    constexpr std::size_t whole = std::size_t {64} << 20U;
    lab::ProxySettings settings;
    settings.limits.sendPause = 500ms;
    Peer replica([&](Peer::Connection& connection) {
        const std::string head =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(whole) + "\r\n\r\n";
        connection.socket->write(head.data(), static_cast<qint64>(head.size()));
        connection.socket->write(QByteArray(whole, 'x'));
    });
    ProxyTrial trial({replica.backend()}, settings);
    RawClient client(trial.port());
    client.paused = true;
    client.socket.setReadBufferSize(1024);
    client.send(get);
    qint64 held = 0;
    REQUIRE(waitUntil([&] {
        // Nothing is left to write once that connection has ended as well.
        if (!replica.connections.empty() && !replica.connections[0].closed)
            held = replica.connections[0].socket->bytesToWrite();
        return trial.records.size() == 1;
    }));
    // What the system holds for both connections is far less than the whole.
    CHECK(held > qint64(whole / 4));
    CHECK(!trial.records[0].answered);
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
}

TEST_CASE("A slow reader gets every octet; a replica that does not read holds the client back")
{
    constexpr std::size_t whole = std::size_t {8} << 20U;
    lab::ProxySettings settings;
    settings.limits.buffer = 32 << 10;
    SlowReader reader(whole, settings);
    CHECK(waitUntil([&] { return reader.reads(16 << 10) > whole; }));
    Peer deaf([](Peer::Connection&) {});
    lab::ProxySettings patient = settings;
    patient.limits.firstByte = 300ms;
    ProxyTrial other({deaf.backend()}, patient);
    RawClient sender(other.port());
    REQUIRE(waitUntil([&] { return sender.socket.state() == QAbstractSocket::ConnectedState; }));
    sender.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
    REQUIRE(waitUntil([&] { return !deaf.connections.empty(); }));
    deaf.connections[0].socket->setReadBufferSize(1024);
    deaf.connections[0].socket->disconnect();
    sender.send(std::string(10'000'000, 'z'));
    CHECK(sender.gets("HTTP/1.1 504 "));
    CHECK(sender.isClosed());
}

TEST_CASE("Too many connections are told so with a 503 and Retry-After")
{
    lab::ProxySettings settings;
    settings.limits.connections = 3;
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()}, settings);
    std::deque<RawClient> clients;
    for (int number = 0; number < 3; ++number)
        clients.emplace_back(trial.port());
    REQUIRE(waitUntil([&] { return trial.proxy.clientConnections() == 3; }));
    RawClient fourth(trial.port(), get);
    CHECK(fourth.isClosed());
    CHECK(has(fourth.received, "HTTP/1.1 503 "));
    CHECK(has(fourth.received, "Retry-After: 1\r\n"));
    clients[0].send(get);
    CHECK(clients[0].gets("200 OK"));
    clients[1].socket.disconnectFromHost();
    REQUIRE(waitUntil([&] { return trial.proxy.clientConnections() == 2; }));
    CHECK(has(trial.ask(get), "200 OK"));
}

TEST_CASE("Requests wait for a connection to their replica, as many as the queue takes")
{
    lab::ProxySettings settings;
    settings.limits.connectionsPerReplica = 2;
    settings.limits.queuePerReplica = 3;
    Peer replica([](Peer::Connection&) {});
    ProxyTrial trial({replica.backend()}, settings);
    std::deque<RawClient> clients;
    for (int number = 0; number < 6; ++number) {
        clients.emplace_back(trial.port(), get);
        REQUIRE(waitUntil([&] { return trial.proxy.clientConnections() == clients.size(); }));
    }
    CHECK(waitUntil([&] {
        return std::any_of(clients.begin(), clients.end(), [](const RawClient& client) {
            return has(client.received, "HTTP/1.1 503 ");
        });
    }));
    CHECK(trial.proxy.replicaConnections() == 2);
    const auto all = [&] {
        int answers = 0;
        for (Peer::Connection& connection : replica.connections) {
            if (has(connection.unread, "\r\n\r\n")) {
                connection.unread.clear();
                connection.socket->write(ok.data(), static_cast<qint64>(ok.size()));
            }
        }
        for (const RawClient& client : clients)
            answers += client.count("200 OK");
        return answers == 5;
    };
    CHECK(waitUntil(all));
    CHECK(replica.connections.size() == 2);
}

TEST_CASE("Descriptors return to where they were, whatever clients and replicas did")
{
    Peer broken([](Peer::Connection& connection) { connection.socket->abort(); });
    const auto good = Peer::answering(ok);
    lab::ProxySettings settings;
    settings.balancer.product = "nginx";
    ProxyTrial trial({broken.backend("r1"), good->backend("r2")}, settings);
    const std::size_t before = openDescriptors();
    for (int round = 0; round < 30; ++round) {
        RawClient leaves(trial.port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
        RawClient half(trial.port(), "GET / HT");
        RawClient wrong(trial.port(), "nonsense\r\n\r\n");
        trial.ask(get);
        leaves.socket.abort();
        half.socket.abort();
    }
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
    for (Peer::Connection& connection : good->connections)
        connection.socket->disconnectFromHost();
    CHECK(waitUntil([&] {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        return trial.proxy.replicaConnections() == 0 && openDescriptors() <= before;
    }));
}
