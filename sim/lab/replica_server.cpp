// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_server.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <utility>

namespace stickyscope::lab {

namespace {

constexpr int largestHead = 32 << 10;
constexpr std::chrono::seconds headTimeout {10};
constexpr quint64 largestMessage = quint64 {1} << 20U;
constexpr int mostConnections = 2000;

QString plain(const QHostAddress& address)
{
    bool mapped = false;
    const quint32 v4 = address.toIPv4Address(&mapped);
    return mapped ? QHostAddress(v4).toString() : address.toString();
}

std::string peerOf(const QTcpSocket& socket)
{
    return plain(socket.peerAddress()).toStdString() + ":" + std::to_string(socket.peerPort());
}

QByteArray json(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

const char* reasonOf(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 431:
        return "Request Header Fields Too Large";
    default:
        return "Bad Request";
    }
}

} // namespace

ReplicaServer::ReplicaServer(std::string name, QObject* parent)
    : QObject(parent)
    , m_name(std::move(name))
    , m_server(new QTcpServer(this))
    , m_webSockets(new QWebSocketServer(QString::fromStdString(m_name),
                                        QWebSocketServer::NonSecureMode, this))
{
    m_server->setMaxPendingConnections(mostConnections);
    m_webSockets->setMaxPendingConnections(mostConnections);
    connect(m_server, &QTcpServer::newConnection, this, &ReplicaServer::accept);
    connect(m_webSockets, &QWebSocketServer::newConnection, this, &ReplicaServer::openWebSocket);
}

ReplicaServer::~ReplicaServer() = default;

std::string ReplicaServer::listen(const QHostAddress& address, std::uint16_t port)
{
    if (m_server->listen(address, port))
        return {};
    return "cannot listen on port " + std::to_string(port) + ": "
        + m_server->errorString().toStdString();
}

std::uint16_t ReplicaServer::port() const
{
    return m_server->serverPort();
}

void ReplicaServer::log(const std::string& peer, const std::string& what)
{
    if (m_log)
        m_log(m_name + " " + peer + " " + what);
}

void ReplicaServer::accept()
{
    while (QTcpSocket* socket = m_server->nextPendingConnection()) {
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        // Who sends no head in time is cut off; a WebSocket takes its socket away from here.
        QTimer::singleShot(headTimeout, socket, [socket] {
            if (!socket->property("served").toBool())
                socket->abort();
        });
    }
}

// Looks without reading: a WebSocket's handshake is QWebSocketServer's to read.
bool ReplicaServer::upgradeAsked(QTcpSocket* socket)
{
    const QByteArray head = socket->peek(largestHead);
    wire::RequestReader reader;
    if (reader.feed({head.constData(), static_cast<std::size_t>(head.size())})
        != wire::ReadState::complete)
        return false;
    const std::string* upgrade = reader.head().fields.find("Upgrade");
    return upgrade && http::equalIgnoringCase(*upgrade, "websocket")
        && reader.head().target.starts_with("/streaming");
}

void ReplicaServer::read(QTcpSocket* socket)
{
    if (upgradeAsked(socket)) {
        socket->setProperty("served", true);
        socket->disconnect(this);
        socket->disconnect(socket);
        m_webSockets->handleConnection(socket);
        emit socket->readyRead();
        return;
    }
    while (socket->bytesAvailable() > 0) {
        const QByteArray octets = socket->peek(socket->bytesAvailable());
        wire::RequestReader reader;
        const auto state =
            reader.feed({octets.constData(), static_cast<std::size_t>(octets.size())});
        if (state == wire::ReadState::needsMore)
            return;
        if (state == wire::ReadState::malformed)
            return refuse(socket, reader.refusal());
        socket->skip(octets.size() - static_cast<qint64>(reader.leftover().size()));
        socket->setProperty("served", true);
        answer(socket, reader);
        if (!reader.keepsAlive())
            return socket->disconnectFromHost();
    }
}

void ReplicaServer::refuse(QTcpSocket* socket, int status)
{
    log(peerOf(*socket), "malformed request " + std::to_string(status));
    const std::string text =
        wire::serialize(http::ResponseHead {.status = status, .reason = reasonOf(status)}, {});
    socket->write(text.data(), static_cast<qint64>(text.size()));
    socket->disconnectFromHost();
}

void ReplicaServer::answer(QTcpSocket* socket, const wire::RequestReader& request)
{
    const http::RequestHead& head = request.head();
    const std::string path = head.target.substr(0, head.target.find('?'));
    const bool get = head.method == "GET" || head.method == "HEAD";
    http::ResponseHead response;
    response.status = path != "/hostname" ? 404 : get ? 200 : 405;
    response.reason = reasonOf(response.status);
    response.fields.add("Content-Type", "application/json");
    if (response.status == 405)
        response.fields.add("Allow", "GET, HEAD");
    const QByteArray body = response.status == 200
        ? json({{QStringLiteral("ip"), plain(socket->localAddress())},
                {QStringLiteral("hostname"), QString::fromStdString(m_name)}})
        : json({{QStringLiteral("error"), QString::fromLatin1(reasonOf(response.status))}});
    std::string text =
        wire::serialize(response, {body.constData(), static_cast<std::size_t>(body.size())});
    if (head.method == "HEAD")
        text.resize(text.size() - static_cast<std::size_t>(body.size()));
    socket->write(text.data(), static_cast<qint64>(text.size()));
    const std::string* id = head.fields.find("X-Request-Id");
    log(peerOf(*socket),
        head.method + " " + head.target + " " + std::to_string(response.status)
            + (id ? " " + *id : ""));
}

void ReplicaServer::openWebSocket()
{
    while (QWebSocket* socket = m_webSockets->nextPendingConnection()) {
        socket->setMaxAllowedIncomingMessageSize(largestMessage);
        const std::string peer =
            plain(socket->peerAddress()).toStdString() + ":" + std::to_string(socket->peerPort());
        log(peer, "GET /streaming 101");
        connect(socket, &QWebSocket::textMessageReceived, this,
                [this, socket](const QString& message) { answerMessage(socket, message); });
        connect(socket, &QWebSocket::disconnected, this, [this, socket, peer] {
            log(peer, "closed /streaming " + std::to_string(static_cast<int>(socket->closeCode())));
            socket->deleteLater();
        });
    }
}

void ReplicaServer::answerMessage(QWebSocket* socket, const QString& message)
{
    const int count = socket->property("count").toInt() + 1;
    socket->setProperty("count", count);
    const QJsonValue topic =
        QJsonDocument::fromJson(message.toUtf8()).object().value(QStringLiteral("topic"));
    socket->sendTextMessage(
        QString::fromUtf8(json({{QStringLiteral("hostname"), QString::fromStdString(m_name)},
                                {QStringLiteral("topic"), topic},
                                {QStringLiteral("count"), count}})));
    log(plain(socket->peerAddress()).toStdString() + ":" + std::to_string(socket->peerPort()),
        "message " + std::to_string(count));
}

} // namespace stickyscope::lab
