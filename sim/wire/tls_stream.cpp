// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/stream.h"

#include <QSslSocket>
#include <QThread>
#include <QTimer>

namespace stickyscope::wire {

namespace {

// QSslSocket would take any amount; what is behind in sending must be felt.
constexpr qint64 mostUnsent = qint64 {64} << 10U;
constexpr qint64 mostUnread = qint64 {64} << 10U;
constexpr std::chrono::seconds lingerFor {2}; ///< what was written has that long to go out

} // namespace

TlsStream::TlsStream(int descriptor, const QSslConfiguration& configuration)
    : m_socket(new QSslSocket)
{
    m_socket->setSslConfiguration(configuration);
    m_socket->setReadBufferSize(mostUnread);
    m_socket->setSocketDescriptor(descriptor);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    QObject::connect(m_socket, &QSslSocket::readyRead, m_socket, [this] { tell(true); });
    QObject::connect(m_socket, &QSslSocket::disconnected, m_socket, [this] { tell(true); });
    QObject::connect(m_socket, &QSslSocket::encryptedBytesWritten, m_socket,
                     [this] { tell(false); });
    m_socket->startServerEncryption();
}

TlsStream::~TlsStream()
{
    m_socket->disconnect(m_socket);
    if (m_reset) {
        m_socket->abort();
        m_socket->deleteLater();
        return;
    }
    // What was written goes out before it closes.
    QObject::connect(m_socket, &QSslSocket::disconnected, m_socket, &QObject::deleteLater);
    // Where its thread ends before that, it goes with the thread.
    QObject::connect(m_socket->thread(), &QThread::finished, m_socket, &QObject::deleteLater);
    // A peer that takes nothing, or never begins to speak TLS, would hold it for ever.
    QTimer::singleShot(lingerFor, m_socket, [socket = m_socket] {
        socket->abort();
        socket->deleteLater();
    });
    m_socket->disconnectFromHost();
    if (m_socket->state() == QAbstractSocket::UnconnectedState)
        m_socket->deleteLater();
}

void TlsStream::tell(bool reading)
{
    if (reading && m_reading)
        m_owner->canRead();
    else if (!reading && m_writing)
        m_owner->canWrite();
}

long TlsStream::read(char* room, std::size_t size)
{
    const qint64 count = m_socket->read(room, static_cast<qint64>(size));
    if (count > 0) {
        // It may have more than it was asked for, and tells of that no more.
        if (m_reading && hasNews())
            tellLater();
        return static_cast<long>(count);
    }
    if (m_socket->state() == QAbstractSocket::ConnectedState)
        return nothing;
    return m_socket->error() == QAbstractSocket::RemoteHostClosedError ? 0 : broken;
}

long TlsStream::write(std::string_view octets)
{
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        return broken;
    const qint64 unsent = m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite();
    const qint64 room = std::max<qint64>(mostUnsent - unsent, 0);
    const qint64 some = std::min<qint64>(room, static_cast<qint64>(octets.size()));
    return some == 0
        ? 0
        : static_cast<long>(std::max<qint64>(m_socket->write(octets.data(), some), broken));
}

void TlsStream::watchReading(bool on)
{
    const bool before = std::exchange(m_reading, on);
    // Qt does not tell again of what is there already.
    if (on && !before && hasNews())
        tellLater();
}

bool TlsStream::hasNews() const
{
    return m_socket->bytesAvailable() > 0 || m_socket->state() == QAbstractSocket::UnconnectedState;
}

void TlsStream::tellLater()
{
    if (std::exchange(m_willTell, true))
        return;
    QMetaObject::invokeMethod(
        &m_self,
        [this] {
            m_willTell = false;
            tell(true);
        },
        Qt::QueuedConnection);
}

void TlsStream::watchWriting(bool on)
{
    m_writing = on;
}

// TLS has no half-close that peers understand.
void TlsStream::finishWriting()
{
    m_socket->disconnectFromHost();
}

void TlsStream::resetOnClose()
{
    m_reset = true;
}

} // namespace stickyscope::wire
