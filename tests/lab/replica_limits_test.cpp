// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/proxy_trial.h"
#include "tests/lab/replica_trial.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace stickyscope;
using namespace stickyscope::lab;
using namespace std::chrono_literals;
using test::RawClient;
using test::waitUntil;

namespace {

// A replica that puts up with little.
class Impatient
{
public:
    explicit Impatient(const ReplicaLimits& limits)
        : server(make(limits), nullptr)
    {
        REQUIRE(server.listen(QHostAddress::LocalHost, 0).empty());
    }

    ReplicaServer server;

private:
    static ReplicaMake make(const ReplicaLimits& limits)
    {
        ReplicaMake make;
        make.spec.name = "server-1";
        make.spec.serviceTime = {};
        make.limits = limits;
        return make;
    }
};

const std::string getHostname = "GET /hostname HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

TEST_CASE("A head that takes too long at a replica is answered with 408, and silence with nothing")
{
    const Impatient replica({.head = 100ms});
    RawClient slow(replica.server.port(), "GET / HTTP/1.1\r\nHost");
    CHECK(slow.gets("HTTP/1.1 408 "));
    CHECK(slow.isClosed());
    RawClient silent(replica.server.port());
    CHECK(silent.isClosed());
    CHECK(silent.received.empty());
}

TEST_CASE("A body may take its time at a replica, but not pause for too long")
{
    const Impatient replica({.head = 100ms, .bodyPause = 200ms, .bodyRate = 10});
    const std::string head = "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    RawClient steady(replica.server.port(), head);
    // Longer than a head may take, and longer in all than a pause.
    for (int octet = 0; octet < 5; ++octet) {
        const auto sent = std::chrono::steady_clock::now();
        waitUntil([&] { return std::chrono::steady_clock::now() - sent > 80ms; });
        steady.send("x");
    }
    CHECK(steady.gets("HTTP/1.1 "));
    CHECK(steady.received.find(" 408 ") == std::string::npos);
    RawClient pauses(replica.server.port(), head + "x");
    CHECK(pauses.gets("HTTP/1.1 408 "));
    CHECK(pauses.isClosed());
}

TEST_CASE("A body that comes an octet at a time is too slow for a replica in all")
{
    const Impatient replica({.bodyPause = 300ms});
    RawClient trickles(replica.server.port(),
                       "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
    QTimer drip;
    QObject::connect(&drip, &QTimer::timeout, &drip, [&] { trickles.send("x"); });
    drip.start(20);
    CHECK(trickles.gets("HTTP/1.1 408 "));
    CHECK(trickles.isClosed());
}

TEST_CASE("A replica's messages may be told to be smaller")
{
    ReplicaLimits limits;
    limits.messages.requestBody = 3;
    limits.messages.requestFields = 2;
    const Impatient replica(limits);
    RawClient large(replica.server.port(),
                    "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour");
    CHECK(large.gets("HTTP/1.1 413 "));
    RawClient fits(replica.server.port(),
                   "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nwho");
    CHECK(fits.gets("HTTP/1.1 "));
    CHECK(fits.received.find(" 413 ") == std::string::npos);
    RawClient many(replica.server.port(), "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n");
    CHECK(many.gets("HTTP/1.1 431 "));
}

TEST_CASE("A replica closes a connection that rests, and one that has had its requests")
{
    const Impatient replica({.requestsPerConnection = 2, .idle = 100ms});
    RawClient rests(replica.server.port(), getHostname);
    CHECK(rests.gets("HTTP/1.1 200 "));
    CHECK(rests.received.find("Connection: close") == std::string::npos);
    CHECK(rests.isClosed());
    RawClient asks(replica.server.port(), getHostname + getHostname + getHostname);
    CHECK(asks.gets("Connection: close"));
    CHECK(asks.isClosed());
    const std::string& all = asks.received;
    CHECK(all.find("HTTP/1.1 200 ", all.find("HTTP/1.1 200 ") + 1) != std::string::npos);
    CHECK(all.rfind("HTTP/1.1 200 ") < all.find("Connection: close"));
}

TEST_CASE("A replica has so many connections, and answers one more with 503")
{
    const Impatient replica({.connections = 2});
    RawClient first(replica.server.port(), getHostname);
    RawClient second(replica.server.port(), getHostname);
    CHECK(first.gets("200 OK"));
    CHECK(second.gets("200 OK"));
    RawClient third(replica.server.port());
    CHECK(third.gets("HTTP/1.1 503 "));
    CHECK(third.gets("Retry-After: 1"));
    CHECK(third.isClosed());
    first.socket.abort();
    REQUIRE(waitUntil([&] { return replica.server.connections() == 1; }));
    RawClient fourth(replica.server.port(), getHostname);
    CHECK(fourth.gets("200 OK"));
}

TEST_CASE("A replica does not read what it cannot answer yet")
{
    const Impatient replica({});
    RawClient stream(replica.server.port(), "GET /sse HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(stream.gets("text/event-stream"));
    const std::string megabyte(std::size_t {1} << 20U, 'x');
    for (int count = 0; count < 64; ++count)
        stream.send(megabyte);
    // What the kernel holds for both ends is less than what is left.
    waitUntil([&] { return stream.socket.bytesToWrite() < (qint64 {32} << 20); }, 500ms);
    CHECK(stream.socket.bytesToWrite() > (qint64 {32} << 20));
}

TEST_CASE("A replica closes the connection of a client that does not read")
{
    const Impatient replica({.sendPause = 200ms});
    RawClient deaf(replica.server.port());
    deaf.paused = true;
    deaf.socket.setReadBufferSize(1024);
    std::string many;
    for (int count = 0; count < 100'000; ++count)
        many += getHostname;
    deaf.send(many);
    CHECK(waitUntil([&] { return replica.server.connections() == 1; }));
    // It answers until nobody takes its answers any more.
    CHECK(waitUntil([&] { return replica.server.connections() == 0; }, 60'000));
}

TEST_CASE("Three hundred clients may come to a replica before it looks")
{
    const Impatient replica({});
    sockaddr_in address {.sin_family = AF_INET, .sin_port = htons(replica.server.port())};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Within this the replica does nothing: it is the kernel that lets them in, or lets them try
    // again after a second.
    std::vector<int> clients;
    int connected = 0;
    for (int number = 0; number < 300; ++number) {
        const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        REQUIRE(client >= 0);
        clients.push_back(client);
        const auto* where = reinterpret_cast<const sockaddr*>(&address);
        pollfd waits {.fd = client, .events = POLLOUT};
        if (connect(client, where, sizeof address) == 0 || poll(&waits, 1, 50) == 1)
            ++connected;
        else
            break;
    }
    CHECK(connected == 300);
    for (const int client : clients)
        close(client);
}
