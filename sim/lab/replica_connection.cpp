// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_connection.h"

#include "sim/http/reason_phrase.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <sys/socket.h>

namespace stickyscope::lab {

namespace {

std::string plain(const QHostAddress& address)
{
    bool mapped = false;
    const quint32 v4 = address.toIPv4Address(&mapped);
    return (mapped ? QHostAddress(v4).toString() : address.toString()).toStdString();
}

std::string headText(const ReplicaAnswer& answer)
{
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " ";
    text.append(http::reasonPhrase(answer.status)).append("\r\n");
    text += "Content-Type: " + answer.type + "\r\n";
    for (const http::Field& field : answer.fields)
        text += field.name + ": " + field.value + "\r\n";
    return text;
}

} // namespace

void resetSocket(QTcpSocket& socket)
{
    // Lingering for no time at all is a reset (SO_LINGER, socket(7)).
    const linger none {.l_onoff = 1, .l_linger = 0};
    if (socket.socketDescriptor() >= 0)
        setsockopt(static_cast<int>(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &none,
                   sizeof none);
    socket.abort();
}

ReplicaConnection::ReplicaConnection(QTcpSocket* socket, const ReplicaLimits& limits,
                                     QObject* parent)
    : QObject(parent)
    , m_socket(socket)
    , m_limits(limits)
    , m_peer(plain(socket->peerAddress()) + ":" + std::to_string(socket->peerPort()))
    , m_reader(limits.messages)
    , m_bodyPatience(limits.bodyPause, limits.bodyRate)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    connect(socket, &QTcpSocket::readyRead, this, &ReplicaConnection::read);
    socket->setReadBufferSize(static_cast<qint64>(limits.buffer));
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &ReplicaConnection::losePatience);
    m_patience.start(limits.head);
    // Each octet that the client takes begins its time anew.
    m_sending.setSingleShot(true);
    connect(&m_sending, &QTimer::timeout, this, [this] { reset(); });
    connect(socket, &QTcpSocket::bytesWritten, this, [this] {
        if (m_socket->bytesToWrite() == 0)
            m_sending.stop();
        else
            m_sending.start(m_limits.sendPause);
    });
    // What came before this listened is not told of again.
    QMetaObject::invokeMethod(this, &ReplicaConnection::read, Qt::QueuedConnection);
}

std::string ReplicaConnection::localAddress() const
{
    return m_socket ? plain(m_socket->localAddress()) : std::string();
}

void ReplicaConnection::read()
{
    if (m_busy || !m_socket || !m_socket->isOpen())
        return;
    const std::string octets = std::exchange(m_rest, {}) + m_socket->readAll().toStdString();
    const auto now = BodyPatience::Clock::now();
    if (m_reader.readsBody())
        m_bodyPatience.came(octets.size(), now);
    const bool hadBegun = m_reader.hasBegun();
    const auto state = m_reader.feed(octets);
    if (state == wire::ReadState::needsMore) {
        // A head has its time from its first octet on, a body from each.
        if (m_reader.readsBody())
            m_patience.start(std::chrono::ceil<std::chrono::milliseconds>(
                std::max<BodyPatience::Clock::duration>(m_bodyPatience.waits(now) - now, {})));
        else if (!hadBegun && m_reader.hasBegun())
            m_patience.start(m_limits.head);
        return;
    }
    if (state == wire::ReadState::malformed)
        return refuse(m_reader.refusal());
    m_busy = true;
    m_bodyPatience = {m_limits.bodyPause, m_limits.bodyRate};
    ++m_requests;
    m_patience.stop();
    m_toHead = m_reader.head().method == "HEAD";
    emit requested({.head = m_reader.head(),
                    .body = m_reader.body(),
                    .peer = m_peer,
                    .http10 = m_reader.isHttp10()});
}

void ReplicaConnection::answer(const ReplicaAnswer& answer, const AnswerPace& pace)
{
    m_pace = pace;
    m_keeps =
        m_reader.keepsAlive() && !pace.closesAfter && m_requests < m_limits.requestsPerConnection;
    std::string text = headText(answer);
    if (!pace.closesAfter)
        text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    text += m_keeps ? "\r\n" : "Connection: close\r\n\r\n";
    if (!m_toHead)
        m_pieces = answer.body;
    const std::size_t first = pace.piece == 0 ? m_pieces.size() : pace.piece;
    text.append(m_pieces, 0, first);
    m_pieces.erase(0, first);
    send(text);
    sendOn();
}

// The next piece after a pause, and what follows the last one.
void ReplicaConnection::sendOn()
{
    if (!m_pieces.empty()) {
        QTimer::singleShot(m_pace.pause, Qt::PreciseTimer, this, [this] {
            send(std::string_view(m_pieces).substr(0, m_pace.piece));
            m_pieces.erase(0, m_pace.piece);
            sendOn();
        });
        return;
    }
    if (m_pace.closesAfter) {
        QTimer::singleShot(*m_pace.closesAfter, Qt::PreciseTimer, m_socket,
                           [this] { m_socket->disconnectFromHost(); });
        return;
    }
    if (!m_keeps)
        return m_socket->disconnectFromHost();
    m_rest = m_reader.leftover();
    m_reader = wire::RequestReader(m_limits.messages);
    m_busy = false;
    m_patience.start(m_limits.idle);
    // Requests may have been sent without waiting for answers. The next one later, as this may be
    // within requested() itself.
    if (!m_rest.empty() || m_socket->bytesAvailable() > 0)
        QMetaObject::invokeMethod(this, &ReplicaConnection::read, Qt::QueuedConnection);
}

void ReplicaConnection::answerInPart(const ReplicaAnswer& answer, std::size_t octets)
{
    send(headText(answer) + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n"
         + answer.body.substr(0, octets));
    m_socket->disconnectFromHost();
}

void ReplicaConnection::beginStream(const ReplicaAnswer& answer)
{
    send(headText(answer) + "Connection: close\r\n\r\n");
}

void ReplicaConnection::send(std::string_view octets)
{
    if (!m_socket || !m_socket->isOpen())
        return;
    m_socket->write(octets.data(), static_cast<qint64>(octets.size()));
    if (!m_sending.isActive() && m_socket->bytesToWrite() > 0)
        m_sending.start(m_limits.sendPause);
}

void ReplicaConnection::reset()
{
    if (m_socket)
        resetSocket(*m_socket);
    deleteLater();
}

std::pair<QTcpSocket*, std::string> ReplicaConnection::release()
{
    m_socket->disconnect(this);
    m_socket->setReadBufferSize(0);
    m_socket->setParent(nullptr);
    deleteLater();
    return {std::exchange(m_socket, nullptr), m_reader.leftover()};
}

// Who is silent between requests is let go; who is slow with one is told.
void ReplicaConnection::losePatience()
{
    if (m_reader.hasBegun())
        return refuse(408);
    m_socket->abort();
}

void ReplicaConnection::refuse(int status)
{
    m_busy = true;
    emit refused(status);
    ReplicaAnswer answer = errorAnswer(status);
    if (status == 503)
        answer.fields.add("Retry-After", "1");
    send(headText(answer) + "Content-Length: " + std::to_string(answer.body.size())
         + "\r\nConnection: close\r\n\r\n" + answer.body);
    m_socket->disconnectFromHost();
}

} // namespace stickyscope::lab
