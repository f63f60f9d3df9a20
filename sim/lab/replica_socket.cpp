// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_socket.h"

#include "sim/lab/replica_connection.h"

#include <QPointer>
#include <QTcpSocket>

#include <utility>

namespace stickyscope::lab {

namespace {

constexpr qsizetype keyLength = 16; ///< octets (RFC 6455 4.1)

} // namespace

int ReplicaSocket::faultIn(const http::RequestHead& handshake)
{
    const std::string* version = handshake.fields.find("Sec-WebSocket-Version");
    const std::string* key = handshake.fields.find("Sec-WebSocket-Key");
    if (!version || *version != "13")
        return 426;
    return key && QByteArray::fromBase64(QByteArray::fromStdString(*key)).size() == keyLength ? 0
                                                                                              : 400;
}

ReplicaSocket::ReplicaSocket(QTcpSocket* socket, std::string leftover,
                             const http::RequestHead& handshake, const http::Fields& fields,
                             const SocketTimes& times, QObject* parent)
    : QObject(parent)
    , m_socket(socket)
    , m_times(times)
    , m_leftover(std::move(leftover))
{
    socket->setParent(this);
    std::string text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: "
        + wire::webSocketAccept(*handshake.fields.find("Sec-WebSocket-Key")) + "\r\n";
    for (const http::Field& field : fields)
        text += field.name + ": " + field.value + "\r\n";
    text += "\r\n";
    socket->write(text.data(), static_cast<qint64>(text.size()));
    connect(socket, &QTcpSocket::readyRead, this, &ReplicaSocket::read);
    connect(socket, &QTcpSocket::disconnected, this, &ReplicaSocket::end);
    m_closeTimer.setSingleShot(true);
    connect(&m_closeTimer, &QTimer::timeout, this, [this] { m_socket->abort(); });
    connect(&m_silence, &QTimer::timeout, this, &ReplicaSocket::askWhetherAlive);
    m_silence.start(times.silence);
    // Whoever makes it wants to listen first.
    QMetaObject::invokeMethod(this, &ReplicaSocket::read, Qt::QueuedConnection);
}

ReplicaSocket::~ReplicaSocket()
{
    m_socket->disconnect(this);
}

void ReplicaSocket::read()
{
    if (m_ended)
        return;
    m_heard = true;
    const std::string octets = std::exchange(m_leftover, {}) + m_socket->readAll().toStdString();
    if (!m_frames.take(octets))
        return m_socket->abort();
    const QPointer<ReplicaSocket> self = this;
    for (const auto& message : m_frames.takeMessages()) {
        emit received(message.text, message.binary);
        if (!self || m_ended)
            return;
    }
    flush();
}

void ReplicaSocket::flush()
{
    const std::string octets = m_frames.takeOutgoing();
    m_socket->write(octets.data(), static_cast<qint64>(octets.size()));
    if (m_frames.isOver())
        m_socket->disconnectFromHost();
}

void ReplicaSocket::send(const std::string& message, bool binary)
{
    if (m_ended)
        return;
    m_frames.send(message, binary);
    flush();
}

void ReplicaSocket::close(int code)
{
    if (m_ended)
        return;
    m_frames.close(code);
    m_silence.stop();
    m_closeTimer.start(m_times.closeWait);
    flush();
}

void ReplicaSocket::reset()
{
    resetSocket(*m_socket);
}

void ReplicaSocket::askWhetherAlive()
{
    if (!std::exchange(m_heard, false))
        return close(1001);
    m_frames.ping();
    flush();
}

void ReplicaSocket::end()
{
    if (std::exchange(m_ended, true))
        return;
    emit closed(m_frames.closeCode());
    deleteLater();
}

} // namespace stickyscope::lab
