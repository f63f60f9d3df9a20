// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_proxy.h"
#include "sim/wire/message_reader.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stickyscope::test {

/// Runs the event loop until it holds, for some seconds at most; whether it does.
inline bool waitUntil(const std::function<bool()>& holds, int milliseconds = 8000)
{
    QElapsedTimer clock;
    clock.start();
    QTimer wakes; // so that conditions about time are looked at as well
    wakes.start(5);
    while (!holds()) {
        if (clock.elapsed() > milliseconds)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

/// A replica that keeps what comes, and does what a test wants.
class Peer
{
public:
    struct Connection
    {
        QTcpSocket* socket = nullptr;
        std::string unread; ///< of it
        std::string all;
        bool closed = false;
    };
    struct Request
    {
        http::RequestHead head;
        std::string body;
    };
    using Act = std::function<void(Connection&)>;

    /// `act` is called whenever more has come on a connection.
    explicit Peer(Act act)
        : m_act(std::move(act))
    {
        m_server.listen(QHostAddress::LocalHost, 0);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket* socket = m_server.nextPendingConnection()) {
                Connection& connection = connections.emplace_back(Connection {socket});
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, &connection] {
                    const QByteArray octets = connection.socket->readAll();
                    connection.unread += octets.toStdString();
                    connection.all += octets.toStdString();
                    m_act(connection);
                });
                QObject::connect(socket, &QTcpSocket::disconnected, socket,
                                 [&connection] { connection.closed = true; });
            }
        });
    }

    /// One that reads requests as a strict server does, and gives each this answer.
    static std::unique_ptr<Peer> answering(std::function<std::string(const Request&)> answer)
    {
        auto peer = std::make_unique<Peer>(nullptr);
        peer->m_act = [self = peer.get(), answer = std::move(answer)](Connection& connection) {
            while (!connection.unread.empty()) {
                wire::RequestReader reader;
                const auto state = reader.feed(connection.unread);
                if (state == wire::ReadState::needsMore)
                    return;
                if (state == wire::ReadState::malformed) {
                    ++self->malformed;
                    return;
                }
                connection.unread = reader.leftover();
                self->requests.push_back({reader.head(), reader.body()});
                const std::string text = answer(self->requests.back());
                connection.socket->write(text.data(), static_cast<qint64>(text.size()));
            }
        };
        return peer;
    }
    static std::unique_ptr<Peer> answering(const std::string& text)
    {
        return answering([text](const Request&) { return text; });
    }

    lab::Backend backend(const std::string& name = "r1") const
    {
        return {{.name = name, .url = "http://127.0.0.1:" + std::to_string(m_server.serverPort())}};
    }
    void stopListening() { m_server.close(); }

    std::deque<Connection> connections;
    std::deque<Request> requests; ///< of answering() alone
    int malformed = 0; ///< likewise

private:
    Act m_act;
    QTcpServer m_server;
};

/// A client that says what a test wants, octet for octet.
class RawClient
{
public:
    explicit RawClient(std::uint16_t port)
        : RawClient(QHostAddress(QHostAddress::LocalHost), port)
    {
    }
    RawClient(const QHostAddress& address, std::uint16_t port)
    {
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [this] {
            if (!paused)
                received += socket.readAll().toStdString();
        });
        QObject::connect(&socket, &QTcpSocket::disconnected, &socket, [this] { closed = true; });
        socket.connectToHost(address, port);
    }
    RawClient(std::uint16_t port, const std::string& text)
        : RawClient(port)
    {
        send(text);
    }

    void send(const std::string& text)
    {
        socket.write(text.data(), static_cast<qint64>(text.size()));
    }
    bool gets(const std::string& text)
    {
        return waitUntil([&] { return received.find(text) != std::string::npos; });
    }
    bool isClosed()
    {
        return waitUntil([&] { return closed; });
    }
    /// How often it stands in what came.
    int count(const std::string& text) const
    {
        int times = 0;
        for (auto at = received.find(text); at != std::string::npos;
             at = received.find(text, at + text.size()))
            ++times;
        return times;
    }

    QTcpSocket socket;
    std::string received;
    bool closed = false;
    bool paused = false; ///< it does not read
};

/// Whether nobody listens there.
inline bool refusesConnections(const QHostAddress& address, std::uint16_t port)
{
    RawClient client(address, port);
    return waitUntil([&] {
               return client.socket.error() == QAbstractSocket::ConnectionRefusedError
                   || client.socket.state() == QAbstractSocket::ConnectedState;
           })
        && client.socket.error() == QAbstractSocket::ConnectionRefusedError;
}

/// A balancer in front of peers, with what it has said.
struct ProxyTrial
{
    explicit ProxyTrial(const std::vector<lab::Backend>& backends,
                        const lab::ProxySettings& settings = {})
        : proxy(settings, backends, nullptr)
    {
        proxy.setLog([this](const lab::ProxyRecord& record) { records.push_back(record); });
        proxy.setNoticed([this](ReplicaIndex replica, bool up, const std::string& /*why*/) {
            noticed.emplace_back(raw(replica), up);
        });
        error = proxy.listen(QHostAddress(QHostAddress::LocalHost), 0);
    }

    std::uint16_t port() const { return proxy.port(); }
    /// The answer to one request, once it and its record are there.
    std::string ask(const std::string& text)
    {
        const std::size_t before = records.size();
        RawClient client(port(), text);
        waitUntil([&] {
            return records.size() > before && client.received.find("\r\n\r\n") != std::string::npos;
        });
        client.socket.disconnectFromHost();
        waitUntil([&] { return client.closed; });
        return client.received;
    }

    std::vector<lab::ProxyRecord> records;
    std::vector<std::pair<int, bool>> noticed;
    std::string error;
    lab::BalancerProxy proxy; ///< last: it ends first
};

inline const std::string get = "GET / HTTP/1.1\r\nHost: app\r\n\r\n";
inline const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A client behind a balancer that reads no more of a long answer than a test lets it.
struct SlowReader
{
    SlowReader(std::size_t whole, const lab::ProxySettings& settings)
        : replica(Peer::answering("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(whole)
                                  + "\r\n\r\n" + std::string(whole, 'y')))
        , trial({replica->backend()}, settings)
        , client(trial.port())
    {
        client.paused = true;
        client.socket.setReadBufferSize(16 << 10);
        client.send(get);
    }

    /// Takes so many octets at most; how many it has taken.
    std::size_t reads(qint64 most)
    {
        got += static_cast<std::size_t>(client.socket.read(most).size());
        return got;
    }

    std::unique_ptr<Peer> replica;
    ProxyTrial trial;
    RawClient client;
    std::size_t got = 0;
};

inline bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace stickyscope::test
