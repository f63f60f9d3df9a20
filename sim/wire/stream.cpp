// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/stream.h"

#include <QEvent>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stickyscope::wire {

namespace {

struct Address
{
    sockaddr_storage storage {};
    socklen_t size = 0;
};

Address addressOf(const QHostAddress& host, std::uint16_t port)
{
    Address address;
    if (host.protocol() == QAbstractSocket::IPv6Protocol) {
        auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        const Q_IPV6ADDR octets = host.toIPv6Address();
        std::copy(std::begin(octets.c), std::end(octets.c), v6->sin6_addr.s6_addr);
        address.size = sizeof *v6;
    } else {
        auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        v4->sin_addr.s_addr = htonl(host.toIPv4Address());
        address.size = sizeof *v4;
    }
    return address;
}

// The port is chosen when it connects: the same one may serve several destinations.
bool bindTo(int descriptor, const QHostAddress& from)
{
    if (from.isNull())
        return true;
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const Address address = addressOf(from, 0);
    return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address.storage), address.size)
        == 0;
}

bool later(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

// It may be gone with its stream afterwards.
bool PlainStream::Watch::event(QEvent* event)
{
    if (event->type() != QEvent::SockAct)
        return QSocketNotifier::event(event);
    if (type() == Read)
        m_stream.m_owner->canRead();
    else
        m_stream.m_owner->canWrite();
    return true;
}

PlainStream::PlainStream(int descriptor)
    : m_descriptor(descriptor)
    , m_readable(*this, QSocketNotifier::Read)
{
    m_readable.setEnabled(false);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

PlainStream::~PlainStream()
{
    // The event loop must forget the descriptor before the system gives its number away again.
    m_readable.setEnabled(false);
    m_writable.reset();
    ::close(m_descriptor);
}

std::unique_ptr<PlainStream> PlainStream::connectTo(const QHostAddress& host, std::uint16_t port,
                                                    const QHostAddress& from)
{
    const Address address = addressOf(host, port);
    const int descriptor =
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return nullptr;
    if (!bindTo(descriptor, from)
        || (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address.storage), address.size)
                != 0
            && errno != EINPROGRESS)) {
        const int error = errno;
        ::close(descriptor);
        errno = error;
        return nullptr;
    }
    auto stream = std::make_unique<PlainStream>(descriptor);
    stream->watchWriting(true);
    return stream;
}

int PlainStream::connectError() const
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

bool PlainStream::hasNews() const
{
    char octet = 0;
    return ::recv(m_descriptor, &octet, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || !later(errno);
}

long PlainStream::read(char* room, std::size_t size)
{
    const auto count = ::recv(m_descriptor, room, size, MSG_DONTWAIT);
    return count >= 0 ? count : later(errno) ? nothing : broken;
}

long PlainStream::write(std::string_view octets)
{
    const auto count =
        ::send(m_descriptor, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count >= 0 ? count : later(errno) ? 0 : broken;
}

void PlainStream::watchReading(bool on)
{
    m_readable.setEnabled(on);
}

void PlainStream::watchWriting(bool on)
{
    if (!m_writable && on)
        m_writable = std::make_unique<Watch>(*this, QSocketNotifier::Write);
    if (m_writable)
        m_writable->setEnabled(on);
}

void PlainStream::finishWriting()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void PlainStream::resetOnClose()
{
    const linger now {1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool isOutOfFiles(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

std::string peerOf(int descriptor)
{
    sockaddr_storage storage {};
    socklen_t size = sizeof storage;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return {};
    char text[INET6_ADDRSTRLEN] = {};
    if (storage.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&storage);
        ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
        return std::string(text) + ":" + std::to_string(ntohs(v4->sin_port));
    }
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    const std::string address(text);
    const std::string port = ":" + std::to_string(ntohs(v6->sin6_port));
    // One that speaks IPv4 to a socket for both.
    return address.starts_with("::ffff:") ? address.substr(7) + port : "[" + address + "]" + port;
}

} // namespace stickyscope::wire
