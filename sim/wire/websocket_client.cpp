// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/websocket_client.h"

#include <QRandomGenerator>

namespace stickyscope::wire {

namespace {

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
    , m_connection(endpoint, nullptr)
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
        if (!accept || *accept != webSocketAccept(m_key)) {
            exchange.failure = Failure::handshakeRefused;
            exchange.why = "the 101 does not answer this handshake (Sec-WebSocket-Accept)";
        }
    }
    if (exchange.failure != Failure::none || exchange.head.status != 101) {
        m_connection.abort();
        emit handshakeEnded(exchange);
        return;
    }
    m_frames = std::make_unique<WebSocketFrames>(WebSocketFrames::End::client);
    m_open = true;
    connect(m_connection.socket(), &QSslSocket::readyRead, this, &WebSocketClient::readSocket);
    connect(m_connection.socket(), &QSslSocket::disconnected, this, &WebSocketClient::end);
    const std::string leftover = m_connection.takeLeftover();
    emit handshakeEnded(exchange);
    take(leftover);
    readSocket();
}

void WebSocketClient::readSocket()
{
    take(m_connection.socket()->readAll().toStdString());
}

void WebSocketClient::take(const std::string& octets)
{
    if (!m_open)
        return;
    if (!m_frames->take(octets))
        return cut();
    for (const WebSocketFrames::Message& message : m_frames->takeMessages())
        QMetaObject::invokeMethod(
            this, [this, text = QByteArray::fromStdString(message.text)] { emit received(text); },
            Qt::QueuedConnection);
    flush();
}

void WebSocketClient::flush()
{
    const std::string octets = m_frames->takeOutgoing();
    m_connection.socket()->write(octets.data(), static_cast<qint64>(octets.size()));
    if (m_frames->isOver())
        m_connection.socket()->disconnectFromHost();
}

void WebSocketClient::send(const std::string& message)
{
    if (!m_open)
        return;
    m_frames->send(message);
    flush();
}

void WebSocketClient::close(int code)
{
    if (!m_open)
        return;
    m_frames->close(code);
    m_closeTimer.start(closeWait);
    flush();
}

void WebSocketClient::cut()
{
    m_cut = true;
    m_connection.socket()->abort();
    end();
}

void WebSocketClient::end()
{
    if (!m_open)
        return;
    m_open = false;
    m_closeTimer.stop();
    emit closed(m_frames->closeCode(),
                m_cut ? QByteArray("the connection was cut")
                      : QByteArray::fromStdString(m_frames->closeReason()));
}

} // namespace stickyscope::wire
