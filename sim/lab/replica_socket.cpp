// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_socket.h"

#include "sim/lab/replica_connection.h"

#include <QPointer>
#include <QTcpSocket>

#include <sys/socket.h>
#include <utility>

namespace stickyscope::lab {

namespace {

using Frame = wire::SocketEvent::Kind;

constexpr qsizetype keyLength = 16; ///< octets (RFC 6455 4.1)
constexpr qint64 readAtOnce = qint64 {64} << 10;
constexpr qint64 mostUnsent = qint64 {1} << 20; ///< octets; beyond, the peer is not read

} // namespace

int ReplicaSocket::faultIn(const http::RequestHead& handshake)
{
    const std::string* version = handshake.fields.find("Sec-WebSocket-Version");
    if (!version || *version != "13")
        return 426;
    const auto keys = handshake.fields.all("Sec-WebSocket-Key");
    if (keys.size() != 1)
        return 400;
    const auto key = QByteArray::fromBase64Encoding(
        QByteArray(keys[0].data(), static_cast<qsizetype>(keys[0].size())),
        QByteArray::AbortOnBase64DecodingErrors);
    return key && (*key).size() == keyLength ? 0 : 400;
}

ReplicaSocket::ReplicaSocket(QTcpSocket* socket, const std::string& leftover,
                             const http::RequestHead& handshake, const http::Fields& fields,
                             const SocketLimits& limits)
    : m_socket(socket)
    , m_limits(limits)
    , m_frames(nullptr, limits.message)
{
    socket->setParent(this);
    socket->setReadBufferSize(readAtOnce);
    m_frames.put(leftover);
    std::string text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: "
        + wire::acceptFor(*handshake.fields.find("Sec-WebSocket-Key")) + "\r\n";
    for (const http::Field& field : fields)
        text += field.name + ": " + field.value + "\r\n";
    write(text + "\r\n");
    connect(socket, &QTcpSocket::readyRead, this, &ReplicaSocket::read);
    connect(socket, &QTcpSocket::disconnected, this, &ReplicaSocket::end);
    connect(socket, &QTcpSocket::bytesWritten, this, [this] {
        if (m_finished)
            finishWriting();
        else
            read();
    });
    m_closeTimer.setSingleShot(true);
    connect(&m_closeTimer, &QTimer::timeout, this, [this] { m_socket->abort(); });
    connect(&m_silence, &QTimer::timeout, this, &ReplicaSocket::askWhetherAlive);
    m_silence.start(m_limits.silence);
    // Whoever makes it wants to listen first.
    QMetaObject::invokeMethod(this, &ReplicaSocket::read, Qt::QueuedConnection);
}

ReplicaSocket::~ReplicaSocket()
{
    m_socket->disconnect(this);
}

void ReplicaSocket::read()
{
    const QPointer<ReplicaSocket> self = this;
    while (self && !m_ended && m_socket->bytesToWrite() < mostUnsent) {
        if (const auto event = m_frames.next()) {
            hear(*event);
            continue;
        }
        const QByteArray octets = m_socket->read(readAtOnce);
        if (octets.isEmpty())
            return;
        m_heard = true;
        m_frames.put({octets.data(), static_cast<std::size_t>(octets.size())});
    }
}

void ReplicaSocket::hear(const wire::SocketEvent& event)
{
    switch (event.kind) {
    case Frame::text:
    case Frame::binary:
        emit received(event.text, event.kind == Frame::binary);
        break;
    case Frame::ping:
        if (!m_closeSaid)
            write(m_frames.frame(Frame::pong, event.text));
        break;
    case Frame::pong:
        break;
    case Frame::close:
        m_closeCode = event.code;
        sayClose(m_frames.close(event.code));
        finish();
        break;
    case Frame::fault:
        sayClose(m_frames.close(event.code, event.text));
        finish();
        break;
    }
}

void ReplicaSocket::send(const std::string& message, bool binary)
{
    if (!m_closeSaid)
        write(m_frames.frame(binary ? Frame::binary : Frame::text, message));
}

void ReplicaSocket::write(const std::string& octets)
{
    if (!m_ended)
        m_socket->write(octets.data(), static_cast<qint64>(octets.size()));
}

void ReplicaSocket::sayClose(const std::string& octets)
{
    if (!std::exchange(m_closeSaid, true))
        write(octets);
}

void ReplicaSocket::close(int code)
{
    sayClose(m_frames.close(code));
    m_silence.stop();
    m_closeTimer.start(m_limits.closeWait);
}

// What the peer has sent and nobody has read would become a reset, which may reach it before the
// close does: it is read and dropped until the peer has closed (RFC 6455 7.1.1).
void ReplicaSocket::finish()
{
    m_finished = true;
    m_closeTimer.start(m_limits.closeWait);
    m_socket->flush();
    finishWriting();
}

void ReplicaSocket::finishWriting()
{
    if (m_socket->bytesToWrite() == 0 && m_socket->socketDescriptor() >= 0)
        ::shutdown(static_cast<int>(m_socket->socketDescriptor()), SHUT_WR);
}

void ReplicaSocket::reset()
{
    resetSocket(*m_socket);
}

void ReplicaSocket::askWhetherAlive()
{
    if (!std::exchange(m_heard, false))
        return close(1001);
    if (!m_closeSaid)
        write(m_frames.frame(Frame::ping, {}));
}

void ReplicaSocket::end()
{
    if (std::exchange(m_ended, true))
        return;
    emit closed(m_closeCode);
    deleteLater();
}

} // namespace stickyscope::lab
