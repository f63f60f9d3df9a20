// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/websocket_client.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <algorithm>
#include <cstring>
#include <wslay/wslay.h>

namespace stickyscope::wire {

namespace {

constexpr std::uint64_t largestMessage = std::uint64_t {1} << 20U;
constexpr int closeWait = 5000;

QByteArray randomOctets(int count)
{
    QByteArray octets(count, Qt::Uninitialized);
    for (char& octet : octets)
        octet = static_cast<char>(QRandomGenerator::system()->bounded(256));
    return octets;
}

std::string acceptFor(const std::string& key)
{
    const QByteArray text = QByteArray::fromStdString(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return QCryptographicHash::hash(text, QCryptographicHash::Sha1).toBase64().toStdString();
}

} // namespace

// wslay reads and writes through these.
struct WebSocketClient::Callbacks
{
    static ssize_t receive(wslay_event_context* context, std::uint8_t* buffer, std::size_t size,
                           int, void* user)
    {
        auto* self = static_cast<WebSocketClient*>(user);
        const auto count =
            std::min<qsizetype>(static_cast<qsizetype>(size), self->m_incoming.size());
        if (count == 0) {
            wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
            return -1;
        }
        std::memcpy(buffer, self->m_incoming.constData(), static_cast<std::size_t>(count));
        self->m_incoming.remove(0, count);
        return count;
    }

    static ssize_t send(wslay_event_context*, const std::uint8_t* data, std::size_t size, int,
                        void* user)
    {
        auto* self = static_cast<WebSocketClient*>(user);
        return self->m_connection.socket()->write(reinterpret_cast<const char*>(data),
                                                  static_cast<qint64>(size));
    }

    static int mask(wslay_event_context*, std::uint8_t* buffer, std::size_t size, void*)
    {
        std::memcpy(buffer, randomOctets(static_cast<int>(size)).constData(), size);
        return 0;
    }

    static void message(wslay_event_context*, const wslay_event_on_msg_recv_arg* arg, void* user)
    {
        auto* self = static_cast<WebSocketClient*>(user);
        const QByteArray text(reinterpret_cast<const char*>(arg->msg),
                              static_cast<qsizetype>(arg->msg_length));
        if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
            self->m_closeCode = arg->status_code == 0 ? 1005 : arg->status_code;
            self->m_closeReason = text.mid(2);
        } else if (wslay_is_ctrl_frame(arg->opcode) == 0) {
            QMetaObject::invokeMethod(
                self, [self, text] { emit self->received(text); }, Qt::QueuedConnection);
        }
    }
};

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
    if (m_frames)
        wslay_event_context_free(m_frames);
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
    wslay_event_callbacks callbacks {};
    callbacks.recv_callback = &Callbacks::receive;
    callbacks.send_callback = &Callbacks::send;
    callbacks.genmask_callback = &Callbacks::mask;
    callbacks.on_msg_recv_callback = &Callbacks::message;
    wslay_event_context_client_init(&m_frames, &callbacks, this);
    wslay_event_config_set_max_recv_msg_length(m_frames, largestMessage);
    m_open = true;
    connect(m_connection.socket(), &QSslSocket::readyRead, this, &WebSocketClient::readSocket);
    connect(m_connection.socket(), &QSslSocket::disconnected, this,
            [this] { end(m_closeCode, m_closeReason); });
    m_incoming = QByteArray::fromStdString(m_connection.takeLeftover());
    emit handshakeEnded(exchange);
    readSocket();
}

void WebSocketClient::readSocket()
{
    if (!m_open)
        return;
    m_incoming += m_connection.socket()->readAll();
    if (wslay_event_recv(m_frames) != 0)
        return cut();
    flush();
}

void WebSocketClient::flush()
{
    if (wslay_event_send(m_frames) != 0)
        return cut();
    if (wslay_event_get_close_received(m_frames) != 0 && wslay_event_get_close_sent(m_frames) != 0)
        m_connection.socket()->disconnectFromHost();
}

void WebSocketClient::send(const std::string& message)
{
    if (!m_open)
        return;
    const wslay_event_msg frame {
        WSLAY_TEXT_FRAME, reinterpret_cast<const std::uint8_t*>(message.data()), message.size()};
    wslay_event_queue_msg(m_frames, &frame);
    flush();
}

void WebSocketClient::close(int code)
{
    if (!m_open)
        return;
    wslay_event_queue_close(m_frames, static_cast<std::uint16_t>(code), nullptr, 0);
    m_closeTimer.start(closeWait);
    flush();
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
