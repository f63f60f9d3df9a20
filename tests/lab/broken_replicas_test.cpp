// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What clients get of replicas that break, lie, stop, drain and come back.
#include "tests/lab/proxy_trial.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

// Says this to each request, and closes or resets the connection where told.
Peer::Act says(const std::string& text, bool close, bool reset = false)
{
    return [=](Peer::Connection& connection) {
        connection.socket->write(text.data(), static_cast<qint64>(text.size()));
        if (reset) {
            connection.socket->flush();
            const linger now {1, 0};
            ::setsockopt(static_cast<int>(connection.socket->socketDescriptor()), SOL_SOCKET,
                         SO_LINGER, &now, sizeof now);
            connection.socket->abort();
        } else if (close) {
            connection.socket->disconnectFromHost();
        }
    };
}

lab::ProxySettings settingsFor(const std::string& product)
{
    lab::ProxySettings settings;
    settings.balancer.product = product;
    return settings;
}

// One that nobody listens at.
lab::Backend deadBackend(const std::string& name)
{
    const Peer gone(nullptr);
    return gone.backend(name);
}

} // namespace

TEST_CASE("A replica that closes or resets before any octet: 502")
{
    for (const bool reset : {false, true}) {
        CAPTURE(reset);
        Peer replica(says("", true, reset));
        ProxyTrial trial({replica.backend()}, settingsFor("haproxy"));
        CHECK(has(trial.ask(get), "HTTP/1.1 502 Bad Gateway\r\n"));
        REQUIRE(trial.records.size() == 1);
        CHECK(trial.records[0].failure == Failure::balancer502);
        CHECK(!trial.records[0].answered);
        CHECK(!trial.records[0].why.empty());
    }
}

TEST_CASE("Nginx, and what is no product, ask the next server; what is not idempotent goes once")
{
    for (const std::string product : {"nginx", "plain"}) {
        for (const std::string method : {"GET", "POST"}) {
            CAPTURE(product);
            CAPTURE(method);
            Peer broken(says("", true));
            const auto good = Peer::answering(ok);
            ProxyTrial trial({broken.backend("r1"), good->backend("r2")}, settingsFor(product));
            int answered = 0;
            for (int time = 0; time < 2; ++time)
                answered +=
                    has(trial.ask(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
                        "200 OK")
                    ? 1
                    : 0;
            CHECK(answered == (method == "GET" ? 2 : 1));
            CHECK(good->requests.size() == std::size_t(answered));
        }
    }
}

TEST_CASE("A server that takes no connection: the product decides, and the body is sent again")
{
    const auto good = Peer::answering([](const Peer::Request& request) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(request.body.size())
            + "\r\n\r\n" + request.body;
    });
    ProxyTrial trial({deadBackend("r1"), good->backend("r2")}, settingsFor("nginx"));
    for (int time = 0; time < 3; ++time)
        CHECK(has(trial.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
                  "\r\n\r\nhello"));
    // nginx's passive check: one failure leaves a server out for ten seconds.
    CHECK(trial.records[0].attempts + trial.records[1].attempts + trial.records[2].attempts == 4);
    CHECK(trial.noticed == std::vector<std::pair<int, bool>> {{0, false}});
}

TEST_CASE("A body that is cut is never padded nor ended: the client sees that something lacks")
{
    for (const std::string framing :
         {"Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
        for (const bool reset : {false, true}) {
            CAPTURE(framing);
            CAPTURE(reset);
            Peer replica([&](Peer::Connection& connection) {
                const std::string text = "HTTP/1.1 200 OK\r\n" + framing;
                connection.socket->write(text.data(), static_cast<qint64>(text.size()));
            });
            ProxyTrial trial({replica.backend()});
            RawClient client(trial.port(), get);
            REQUIRE(client.gets("hello"));
            if (reset)
                says("", true, true)(replica.connections[0]);
            else
                replica.connections[0].socket->disconnectFromHost();
            QElapsedTimer clock;
            clock.start();
            CHECK(client.isClosed());
            CHECK(clock.elapsed() < 5000);
            const std::string body = client.received.substr(client.received.find("\r\n\r\n") + 4);
            CHECK(body == framing.substr(framing.find("\r\n\r\n") + 4));
            REQUIRE(trial.records.size() == 1);
            CHECK(trial.records[0].failure == Failure::truncatedAnswer);
            CHECK(!trial.records[0].answered);
        }
    }
}

TEST_CASE("A cut body without a length of its own is reset, not ended")
{
    Peer replica(says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true));
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port(), "GET / HTTP/1.0\r\n\r\n");
    CHECK(client.isClosed());
    CHECK(client.socket.error() == QAbstractSocket::RemoteHostClosedError);
    REQUIRE(trial.records.size() == 1);
    CHECK(trial.records[0].failure == Failure::truncatedAnswer);
}

TEST_CASE("What is no answer becomes a 502, and its connection is never used again")
{
    const std::vector<std::string> wrong {
        "hello, I am no web server\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        std::string("\0\0\x12\x04\0\0\0\0\0\0\x03", 11),
    };
    for (const std::string& text : wrong) {
        CAPTURE(text.substr(0, 80));
        Peer replica(says(text, false));
        lab::ProxySettings settings;
        settings.balancer.product = "haproxy";
        ProxyTrial trial({replica.backend()}, settings);
        CHECK(has(trial.ask(get), "HTTP/1.1 502 Bad Gateway\r\n"));
        CHECK(waitUntil([&] { return replica.connections[0].closed; }));
        CHECK(trial.records[0].why.starts_with("r1"));
        CHECK(trial.proxy.replicaConnections() == 0);
    }
}

TEST_CASE("A bad chunk behind a head that is sent already ends the connection")
{
    Peer replica(
        says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", false));
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port(), get);
    CHECK(client.isClosed());
    CHECK(has(client.received, "hello"));
    CHECK(!has(client.received, "0\r\n\r\n"));
    REQUIRE(trial.records.size() == 1);
    CHECK(trial.records[0].failure == Failure::malformedAnswer);
}

TEST_CASE("Octets behind an answer are dropped with their connection")
{
    Peer replica(says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 "
                      "OK\r\nContent-Length: 6\r\n\r\npoison",
                      false));
    ProxyTrial trial({replica.backend()});
    RawClient client(trial.port(), get + get);
    CHECK(waitUntil([&] { return client.count("\r\n\r\nok") == 2; }));
    CHECK(!has(client.received, "poison"));
    CHECK(replica.connections.size() == 2);
}

TEST_CASE("A kept connection that the replica has closed is no failure")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    for (int time = 0; time < 3; ++time) {
        CHECK(has(trial.ask(get), "200 OK"));
        replica->connections.back().socket->disconnectFromHost();
    }
    CHECK(replica->connections.size() == 3);
    for (const lab::ProxyRecord& record : trial.records)
        CHECK(record.attempts == 1);
    CHECK(trial.noticed.empty());
}

TEST_CASE("A replica that never answers: 504; one that pauses in its answer: the end")
{
    lab::ProxySettings settings;
    settings.limits.firstByte = std::chrono::milliseconds(150);
    settings.limits.answerPause = std::chrono::milliseconds(150);
    Peer silent([](Peer::Connection&) {});
    ProxyTrial never({silent.backend()}, settings);
    CHECK(has(never.ask(get), "HTTP/1.1 504 Gateway Timeout\r\n"));
    CHECK(never.records[0].failure == Failure::balancer504);
    Peer pausing(says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", false));
    ProxyTrial pauses({pausing.backend()}, settings);
    RawClient client(pauses.port(), get);
    CHECK(client.isClosed());
    CHECK(client.received.ends_with("hello"));
    CHECK(pauses.records[0].failure == Failure::truncatedAnswer);
}

TEST_CASE("Active checks leave a dead server out and take it back")
{
    lab::ProxySettings settings;
    settings.balancer.healthCheck = HealthCheck {.every = std::chrono::milliseconds(20)};
    settings.check.path = "/healthz";
    bool healthy = true;
    const auto one = Peer::answering([&](const Peer::Request& request) {
        const bool bad = request.head.target == "/healthz" && !healthy;
        return bad ? std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n") : ok;
    });
    const auto two = Peer::answering(ok);
    ProxyTrial trial({one->backend("r1"), two->backend("r2")}, settings);
    REQUIRE(waitUntil([&] { return !one->requests.empty(); }));
    healthy = false;
    REQUIRE(waitUntil([&] { return trial.noticed.size() == 1; }));
    CHECK(trial.noticed[0] == std::pair {0, false});
    for (int time = 0; time < 4; ++time)
        trial.ask(get);
    for (const lab::ProxyRecord& record : trial.records)
        CHECK(raw(record.replica) == 1);
    healthy = true;
    REQUIRE(waitUntil([&] { return trial.noticed.size() == 2; }));
    CHECK(trial.noticed[1] == std::pair {0, true});
}

TEST_CASE("A draining server keeps whom it has; one taken out keeps nobody; both return")
{
    lab::ProxySettings settings = settingsFor("haproxy");
    settings.balancer.sticky->cookie = "SRV";
    const auto one = Peer::answering(ok);
    const auto two = Peer::answering(ok);
    ProxyTrial trial({one->backend("r1"), two->backend("r2")}, settings);
    const std::string bound = "GET / HTTP/1.1\r\nHost: a\r\nCookie: SRV=r1\r\n\r\n";
    const ReplicaIndex first {0};
    trial.proxy.setDraining(first, true);
    trial.ask(bound);
    CHECK(trial.records.back().cookieIn == CookieIn::draining);
    CHECK(trial.records.back().replica == first);
    for (int time = 0; time < 3; ++time) {
        trial.ask(get);
        CHECK(raw(trial.records.back().replica) == 1);
    }
    trial.proxy.setDraining(first, false);
    trial.proxy.setMaintenance(first, true);
    trial.ask(bound);
    CHECK(raw(trial.records.back().replica) == 1);
    CHECK(trial.records.back().cookieIn == CookieIn::down);
    trial.proxy.setMaintenance(first, false);
    trial.ask(bound);
    CHECK(trial.records.back().replica == first);
    CHECK(trial.records.back().cookieIn == CookieIn::valid);
}

TEST_CASE("A server that joins later takes its share; without any server the product answers")
{
    ProxyTrial trial({deadBackend("r1")}, settingsFor("haproxy"));
    trial.proxy.setMaintenance(ReplicaIndex {0}, true);
    const std::string answer = trial.ask(get);
    CHECK(has(answer, "HTTP/1.1 503 Service Unavailable\r\n"));
    CHECK(has(answer, "Retry-After: 1\r\n"));
    CHECK(trial.records[0].failure == Failure::balancer503);
    const auto late = Peer::answering(ok);
    CHECK(raw(trial.proxy.add(late->backend("r2"))) == 1);
    CHECK(has(trial.ask(get), "200 OK"));
    CHECK(raw(trial.records.back().replica) == 1);
}
