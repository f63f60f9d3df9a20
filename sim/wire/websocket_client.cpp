// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/websocket_client.h"

#include <QRandomGenerator>

#include <utility>

namespace stickyscope::wire {

namespace {

using Kind = SocketEvent::Kind;

constexpr int closeWait = 5000;

QByteArray randomOctets(int count)
{
    QByteArray octets(count, Qt::Uninitialized);
    for (char& octet : octets)
        octet = static_cast<char>(QRandomGenerator::system()->bounded(256));
    return octets;
}

} // namespace

WebSocketClient::WebSocketClient(const Endpoint& endpoint, QObject* parent)
    : QObject(parent)
    , m_connection(endpoint, nullptr, HttpConnection::Use::webSockets)
    , m_frames([] { return QRandomGenerator::system()->generate(); })
{
    m_closeTimer.setSingleShot(true);
    connect(&m_closeTimer, &QTimer::timeout, this, &WebSocketClient::cut);
    connect(&m_connection, &HttpConnection::finished, this, &WebSocketClient::handshakeAnswered);
}

WebSocketClient::~WebSocketClient()
{
    m_connection.socket()->disconnect(this);
}

void WebSocketClient::open(http::RequestHead head)
{
    m_key = randomOctets(16).toBase64().toStdString();
    head.method = "GET";
    head.fields.set("Connection", "Upgrade");
    head.fields.set("Upgrade", "websocket");
    head.fields.set("Sec-WebSocket-Version", "13");
    head.fields.set("Sec-WebSocket-Key", m_key);
    m_connection.send(head);
}

void WebSocketClient::handshakeAnswered(Exchange exchange)
{
    if (exchange.failure == Failure::none && exchange.head.status == 101) {
        const std::string* accept = exchange.head.fields.find("Sec-WebSocket-Accept");
        if (!accept || *accept != acceptFor(m_key)) {
            exchange.failure = Failure::handshakeRefused;
            exchange.why = "the 101 does not answer this handshake (Sec-WebSocket-Accept)";
        }
    }
    if (exchange.failure != Failure::none || exchange.head.status != 101) {
        m_connection.abort();
        emit handshakeEnded(exchange);
        return;
    }
    m_open = true;
    connect(m_connection.socket(), &QSslSocket::readyRead, this, &WebSocketClient::readSocket);
    connect(m_connection.socket(), &QSslSocket::disconnected, this,
            [this] { end(m_closeCode, m_closeReason); });
    m_frames.put(m_connection.takeLeftover());
    emit handshakeEnded(exchange);
    readSocket();
}

void WebSocketClient::readSocket()
{
    if (!m_open)
        return;
    const QByteArray octets = m_connection.socket()->readAll();
    m_frames.put({octets.data(), static_cast<std::size_t>(octets.size())});
    while (const auto event = m_frames.next()) {
        hear(*event);
        // Who hears that it is closed may have deleted it.
        if (event->kind == Kind::close || event->kind == Kind::fault)
            return;
    }
}

void WebSocketClient::hear(const SocketEvent& event)
{
    const QByteArray text = QByteArray::fromStdString(event.text);
    switch (event.kind) {
    case Kind::text:
    case Kind::binary:
        QMetaObject::invokeMethod(
            this, [this, text] { emit received(text); }, Qt::QueuedConnection);
        break;
    case Kind::ping:
        if (!m_closeSaid)
            write(m_frames.frame(Kind::pong, event.text));
        break;
    case Kind::pong:
        break;
    case Kind::close:
        m_closeCode = event.code;
        m_closeReason = text;
        sayClose(m_frames.close(event.code));
        m_connection.socket()->disconnectFromHost();
        break;
    case Kind::fault:
        m_closeReason = "the server broke the protocol: " + text;
        sayClose(m_frames.close(event.code, event.text));
        m_connection.socket()->disconnectFromHost();
        break;
    }
}

void WebSocketClient::write(const std::string& octets)
{
    m_connection.socket()->write(octets.data(), static_cast<qint64>(octets.size()));
}

void WebSocketClient::sayClose(const std::string& octets)
{
    if (std::exchange(m_closeSaid, true))
        return;
    write(octets);
    m_closeTimer.start(closeWait);
}

void WebSocketClient::send(const std::string& message)
{
    if (m_open && !m_closeSaid)
        write(m_frames.frame(Kind::text, message));
}

void WebSocketClient::close(int code)
{
    if (m_open)
        sayClose(m_frames.close(code));
}

void WebSocketClient::cut()
{
    m_closeReason = "the connection was cut";
    m_connection.socket()->abort();
    end(1006, m_closeReason);
}

void WebSocketClient::end(int code, const QByteArray& reason)
{
    if (!m_open)
        return;
    m_open = false;
    m_closeTimer.stop();
    emit closed(code, reason);
}

} // namespace stickyscope::wire
