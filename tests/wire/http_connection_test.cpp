// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Our client against peers that behave, and peers that do not.
#include "sim/wire/http_connection.h"

#include "sim/lab/replica_server.h"
#include "sim/live/prober.h"
#include "sim/wire/websocket_client.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <doctest/doctest.h>
#include <functional>
#include <sys/socket.h>

using namespace stickyscope;
using namespace stickyscope::wire;

namespace {

// A server that does one thing to each connection once a head has come.
class Peer
{
public:
    explicit Peer(std::function<void(QTcpSocket&)> act)
    {
        m_server.listen(QHostAddress::LocalHost, 0);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server,
                         [this, act = std::move(act)] {
                             QTcpSocket* socket = m_server.nextPendingConnection();
                             QObject::connect(socket, &QTcpSocket::readyRead, socket,
                                              [socket, act] { act(*socket); });
                         });
    }

    Endpoint endpoint() const
    {
        return {.url = *http::parseUrl("http://127.0.0.1:" + std::to_string(m_server.serverPort())
                                       + "/"),
                .answerMilliseconds = 300};
    }

private:
    QTcpServer m_server;
};

Exchange ask(HttpConnection& connection, const http::RequestHead& head = {},
             const std::string& body = {})
{
    Exchange result;
    QEventLoop loop;
    QObject::connect(&connection, &HttpConnection::finished, &loop, [&](const Exchange& exchange) {
        result = exchange;
        loop.quit();
    });
    connection.send(head, body);
    loop.exec();
    return result;
}

Exchange askPeer(std::function<void(QTcpSocket&)> act)
{
    const Peer peer(std::move(act));
    HttpConnection connection(peer.endpoint(), nullptr);
    return ask(connection);
}

std::function<void(QTcpSocket&)> says(const QByteArray& text, bool close)
{
    return [text, close](QTcpSocket& socket) {
        socket.readAll();
        socket.write(text);
        if (close)
            socket.disconnectFromHost();
    };
}

} // namespace

TEST_CASE("What peers do wrong is a kind of its own, with a sentence")
{
    struct Row
    {
        const char* what;
        std::function<void(QTcpSocket&)> act;
        Failure failure;
    };
    const std::vector<Row> rows {
        {"never answers", [](QTcpSocket&) {}, Failure::timedOut},
        {"closes at once", [](QTcpSocket& socket) { socket.disconnectFromHost(); },
         Failure::closedWithoutAnswer},
        {"resets at once",
         [](QTcpSocket& socket) {
             // With a zero linger time an end is a reset.
             const linger none {.l_onoff = 1, .l_linger = 0};
             setsockopt(static_cast<int>(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &none,
                        sizeof none);
             socket.abort();
         },
         Failure::connectionReset},
        {"garbage", says("garbage\r\n\r\n", false), Failure::malformedAnswer},
        {"cut body", says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", true),
         Failure::truncatedAnswer},
        {"cut head", says("HTTP/1.1 200 OK\r\nConte", true), Failure::truncatedAnswer},
        {"half an answer", says("HTTP/1.1 200 OK\r\n", false), Failure::timedOut},
        {"HTTP/2", says(QByteArray("\0\0\x12\x04\0\0\0\0\0", 9), false), Failure::http2Only},
        {"huge head", says("HTTP/1.1 200 OK\r\nX: " + QByteArray(100'000, 'x'), false),
         Failure::malformedAnswer},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const Exchange exchange = askPeer(row.act);
        CHECK(nameOf(exchange.failure) == nameOf(row.failure));
        CHECK_FALSE(exchange.why.empty());
    }
}

TEST_CASE("A refused connection and a name that does not resolve are told apart")
{
    Endpoint endpoint {.url = *http::parseUrl("http://127.0.0.1:1/")};
    HttpConnection refused(endpoint, nullptr);
    CHECK(ask(refused).failure == Failure::connectionRefused);
    endpoint.url = *http::parseUrl("http://does-not-exist.invalid/");
    HttpConnection unresolved(endpoint, nullptr);
    CHECK(ask(unresolved).failure == Failure::unresolved);
}

TEST_CASE("An HTTP proxy is asked for the whole address, with the user's name and password")
{
    QByteArray request;
    const Peer proxy([&request](QTcpSocket& socket) {
        request += socket.readAll();
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    Endpoint endpoint {.url = *http::parseUrl("http://app.example:8080/a?b=1")};
    endpoint.proxy = proxy.endpoint().url;
    endpoint.proxy->userInfo = "me:secret";
    HttpConnection connection(endpoint, nullptr);
    CHECK(ask(connection).head.status == 200);
    CHECK(request.startsWith("GET http://app.example:8080/ HTTP/1.1\r\n"));
    CHECK(request.contains("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
}

TEST_CASE("A SOCKS5 proxy is given the name, and answers for it")
{
    QByteArray asked;
    const Peer proxy([&asked](QTcpSocket& socket) {
        const QByteArray octets = socket.readAll();
        if (octets.startsWith("\x05\x01\x00") && octets.size() == 3)
            socket.write(QByteArray("\x05\x00", 2)); // no authentication
        else if (octets.startsWith("\x05")) {
            asked = octets;
            socket.write(QByteArray("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", 10));
        } else
            socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    Endpoint endpoint {.url = *http::parseUrl("http://app.example/")};
    endpoint.proxy = proxy.endpoint().url;
    endpoint.proxyIsSocks = true;
    HttpConnection connection(endpoint, nullptr);
    const Exchange exchange = ask(connection);
    CAPTURE(exchange.why);
    CHECK(exchange.head.status == 204);
    CHECK(asked.contains("app.example"));
}

TEST_CASE("A guard refuses an address before any connection to it")
{
    Endpoint endpoint {.url = *http::parseUrl("http://127.0.0.1:1/")};
    endpoint.guard = [](const QHostAddress& address) -> std::optional<std::string> {
        return "not " + address.toString().toStdString();
    };
    HttpConnection connection(endpoint, nullptr);
    CHECK(ask(connection).why == "not 127.0.0.1");
}

TEST_CASE("A connection is kept where the peer keeps it, and made anew where not")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    const Endpoint endpoint {
        .url = *http::parseUrl("http://127.0.0.1:" + std::to_string(replica.port()) + "/hostname")};
    HttpConnection connection(endpoint, nullptr);
    const live::Target target {.endpoint = endpoint, .request = {.target = "/hostname"}};
    for (int number = 0; number < 3; ++number) {
        Exchange result;
        QEventLoop loop;
        QObject::connect(&connection, &HttpConnection::finished, &loop,
                         [&](const Exchange& exchange) {
                             result = exchange;
                             loop.quit();
                         });
        CHECK(connection.isOpen() == (number > 0));
        connection.send(live::requestFor(target, {}, "id"));
        loop.exec();
        CHECK(result.head.status == 200);
        CHECK(result.body == R"({"hostname":"server-1","ip":"127.0.0.1"})");
        CHECK(result.address == "127.0.0.1");
    }
}

TEST_CASE("What a peer says unasked is no answer to the next request")
{
    int requests = 0;
    const Peer peer([&requests](QTcpSocket& socket) {
        socket.readAll();
        const QByteArray number = QByteArray::number(++requests);
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number);
        socket.flush();
        QTimer::singleShot(20, &socket, [&socket] {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbefore");
        });
    });
    Endpoint endpoint = peer.endpoint();
    endpoint.answerMilliseconds = 10'000;
    HttpConnection connection(endpoint, nullptr);
    CHECK(ask(connection).body == "1");
    while (connection.isOpen())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    CHECK(ask(connection).body == "2");
}

TEST_CASE("A body larger than the system takes at once arrives whole")
{
    const std::string body(std::size_t {8} << 20U, 'x');
    std::size_t arrived = 0;
    const Peer peer([&](QTcpSocket& socket) {
        arrived += static_cast<std::size_t>(socket.readAll().count('x'));
        if (arrived == body.size())
            socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    Endpoint endpoint = peer.endpoint();
    endpoint.answerMilliseconds = 10'000;
    HttpConnection connection(endpoint, nullptr);
    CHECK(ask(connection, {.method = "POST"}, body).head.status == 204);
    CHECK(arrived == body.size());
}

TEST_CASE("A WebSocket shows its handshake, echoes messages and says how it closed")
{
    lab::ReplicaServer replica("server-1", nullptr);
    REQUIRE(replica.listen(QHostAddress::LocalHost, 0).empty());
    const Endpoint endpoint {
        .url = *http::parseUrl("ws://127.0.0.1:" + std::to_string(replica.port()) + "/streaming")};
    WebSocketClient client(endpoint, nullptr);
    QEventLoop loop;
    Exchange handshake;
    QByteArray message;
    int code = 0;
    QObject::connect(&client, &WebSocketClient::handshakeEnded, &loop,
                     [&](const Exchange& exchange) {
                         handshake = exchange;
                         client.send(R"({"topic": "my topic"})");
                     });
    QObject::connect(&client, &WebSocketClient::received, &loop, [&](const QByteArray& text) {
        message = text;
        client.close();
    });
    QObject::connect(&client, &WebSocketClient::closed, &loop, [&](int closeCode) {
        code = closeCode;
        loop.quit();
    });
    QTimer::singleShot(5000, &loop, &QEventLoop::quit);
    http::RequestHead head {.target = "/streaming"};
    head.fields.add("Host", endpoint.url.authority());
    client.open(head);
    loop.exec();
    CHECK(handshake.head.status == 101);
    CHECK(handshake.head.fields.find("Sec-WebSocket-Accept") != nullptr);
    CHECK(message == R"({"count":1,"hostname":"server-1","topic":"my topic"})");
    CHECK(code == 1000);
}

TEST_CASE("A 101 that does not answer the handshake is refused")
{
    const Peer peer(
        says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: wrong\r\n\r\n",
             false));
    WebSocketClient client(peer.endpoint(), nullptr);
    QEventLoop loop;
    Exchange handshake;
    QObject::connect(&client, &WebSocketClient::handshakeEnded, &loop,
                     [&](const Exchange& exchange) {
                         handshake = exchange;
                         loop.quit();
                     });
    client.open({});
    loop.exec();
    CHECK(handshake.failure == Failure::handshakeRefused);
}

TEST_CASE("A probe of a peer with a Secure cookie over http says why clients will not return it")
{
    // Two replicas by turns; the cookie names the first one's, and is honoured when it comes.
    int turn = 0;
    const Peer peer([&turn](QTcpSocket& socket) {
        const QByteArray request = socket.readAll();
        const bool bound = request.contains("lb=one") || request.contains("lb=two");
        const bool first = bound ? request.contains("lb=one") : turn++ % 2 == 0;
        const QByteArray body = first ? "{\"hostname\":\"one\"}" : "{\"hostname\":\"two\"}";
        QByteArray answer =
            "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n";
        if (!bound)
            answer += QByteArray("Set-Cookie: lb=") + (first ? "one" : "two")
                + "; Path=/; Domain=elsewhere.example\r\n";
        socket.write(answer + "\r\n" + body);
    });
    live::Target target;
    target.endpoint = peer.endpoint();
    live::Prober prober(target, {.rate = 500});
    const auto evidence = prober.run([] { return false; }, [](double) {});
    CHECK(evidence.answers.size() <= live::Prober::mostRequests);
    const live::Verdict verdict = live::judge(evidence);
    CHECK(verdict.kind == live::Verdict::Kind::cookieNotReturned);
    CHECK_MESSAGE(verdict.sentence.find("the host is not within its Domain") != std::string::npos,
                  verdict.sentence);
}
