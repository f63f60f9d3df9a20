// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_socket.h"

#include "sim/lab/replica_connection.h"

#include <QCryptographicHash>
#include <QPointer>
#include <QTcpSocket>

#include <algorithm>
#include <utility>
#include <wslay/wslay.h>

namespace stickyscope::lab {

namespace {

constexpr std::uint64_t largestMessage = std::uint64_t {1} << 20U;
constexpr std::chrono::seconds closeWait {5};
constexpr std::chrono::seconds silence {60};
constexpr qsizetype keyLength = 16; ///< octets (RFC 6455 4.1)

std::string acceptFor(const std::string& key)
{
    const QByteArray text = QByteArray::fromStdString(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return QCryptographicHash::hash(text, QCryptographicHash::Sha1).toBase64().toStdString();
}

} // namespace

// wslay reads and writes through these.
struct ReplicaSocket::Callbacks
{
    static ssize_t receive(wslay_event_context* context, std::uint8_t* buffer, std::size_t size,
                           int, void* user)
    {
        std::string& incoming = static_cast<ReplicaSocket*>(user)->m_incoming;
        const std::size_t count = std::min(size, incoming.size());
        if (count == 0) {
            wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
            return -1;
        }
        std::copy_n(incoming.begin(), count, buffer);
        incoming.erase(0, count);
        return static_cast<ssize_t>(count);
    }

    static ssize_t send(wslay_event_context*, const std::uint8_t* data, std::size_t size, int,
                        void* user)
    {
        return static_cast<ReplicaSocket*>(user)->m_socket->write(
            reinterpret_cast<const char*>(data), static_cast<qint64>(size));
    }

    static void message(wslay_event_context*, const wslay_event_on_msg_recv_arg* arg, void* user)
    {
        auto* self = static_cast<ReplicaSocket*>(user);
        if (arg->opcode == WSLAY_CONNECTION_CLOSE)
            self->m_closeCode = arg->status_code == 0 ? 1005 : arg->status_code;
        else if (wslay_is_ctrl_frame(arg->opcode) == 0)
            self->m_messages.push_back(
                {std::string(reinterpret_cast<const char*>(arg->msg), arg->msg_length),
                 arg->opcode == WSLAY_BINARY_FRAME});
    }
};

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
                             QObject* parent)
    : QObject(parent)
    , m_socket(socket)
    , m_incoming(std::move(leftover))
{
    socket->setParent(this);
    wslay_event_callbacks callbacks {};
    callbacks.recv_callback = &Callbacks::receive;
    callbacks.send_callback = &Callbacks::send;
    callbacks.on_msg_recv_callback = &Callbacks::message;
    wslay_event_context_server_init(&m_frames, &callbacks, this);
    wslay_event_config_set_max_recv_msg_length(m_frames, largestMessage);
    std::string text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: "
        + acceptFor(*handshake.fields.find("Sec-WebSocket-Key")) + "\r\n";
    for (const http::Field& field : fields)
        text += field.name + ": " + field.value + "\r\n";
    text += "\r\n";
    socket->write(text.data(), static_cast<qint64>(text.size()));
    connect(socket, &QTcpSocket::readyRead, this, &ReplicaSocket::read);
    connect(socket, &QTcpSocket::disconnected, this, &ReplicaSocket::end);
    m_closeTimer.setSingleShot(true);
    connect(&m_closeTimer, &QTimer::timeout, this, [this] { m_socket->abort(); });
    connect(&m_silence, &QTimer::timeout, this, &ReplicaSocket::askWhetherAlive);
    m_silence.start(silence);
    // Whoever makes it wants to listen first.
    QMetaObject::invokeMethod(this, &ReplicaSocket::read, Qt::QueuedConnection);
}

ReplicaSocket::~ReplicaSocket()
{
    m_socket->disconnect(this);
    wslay_event_context_free(m_frames);
}

void ReplicaSocket::read()
{
    if (m_ended)
        return;
    m_incoming += m_socket->readAll().toStdString();
    m_heard = true;
    if (wslay_event_recv(m_frames) != 0)
        return m_socket->abort();
    const QPointer<ReplicaSocket> self = this;
    for (const Message& message : std::exchange(m_messages, {})) {
        emit received(message.text, message.binary);
        if (!self || m_ended)
            return;
    }
    flush();
}

void ReplicaSocket::flush()
{
    if (wslay_event_send(m_frames) != 0)
        return m_socket->abort();
    if (wslay_event_want_read(m_frames) == 0 && wslay_event_want_write(m_frames) == 0)
        m_socket->disconnectFromHost();
}

void ReplicaSocket::send(const std::string& message, bool binary)
{
    if (m_ended)
        return;
    const wslay_event_msg frame {
        static_cast<std::uint8_t>(binary ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME),
        reinterpret_cast<const std::uint8_t*>(message.data()), message.size()};
    wslay_event_queue_msg(m_frames, &frame);
    flush();
}

void ReplicaSocket::close(int code)
{
    if (m_ended)
        return;
    wslay_event_queue_close(m_frames, static_cast<std::uint16_t>(code), nullptr, 0);
    m_closeTimer.start(closeWait);
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
    const wslay_event_msg ping {WSLAY_PING, nullptr, 0};
    wslay_event_queue_msg(m_frames, &ping);
    flush();
}

void ReplicaSocket::end()
{
    if (std::exchange(m_ended, true))
        return;
    emit closed(m_closeCode);
    deleteLater();
}

} // namespace stickyscope::lab
