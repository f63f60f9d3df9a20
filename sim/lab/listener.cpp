// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/listener.h"

#include "sim/wire/stream.h"

#include <QPointer>
#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace stickyscope::lab {

namespace {

constexpr int mostTries = 32; // the port that one address has free may be taken at the other

// Many may come at once, and whom the kernel drops tries again only after a second.
constexpr int backlog = 1024;
constexpr int atOnce = 64; // before others have their turn

// Until a connection may have been closed.
constexpr std::chrono::milliseconds rest {100};

// A socket that is bound to an address. One that never listens keeps its port, while another one,
// which allows that too (SO_REUSEADDR, socket(7)), may listen there.
class BoundSocket
{
public:
    BoundSocket(const QHostAddress& address, std::uint16_t port)
    {
        sockaddr_storage text {};
        const socklen_t size = write(address, port, text);
        m_descriptor = ::socket(text.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (m_descriptor < 0) {
            m_error = errno;
            return;
        }
        const int yes = 1;
        setsockopt(m_descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (address.protocol() != QHostAddress::IPv4Protocol)
            setsockopt(m_descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
        if (::bind(m_descriptor, reinterpret_cast<const sockaddr*>(&text), size) != 0)
            m_error = errno;
    }
    BoundSocket(const BoundSocket&) = delete;
    BoundSocket& operator=(const BoundSocket&) = delete;
    ~BoundSocket() { ::close(m_descriptor); }

    int descriptor() const { return m_descriptor; }
    int error() const { return m_error; }

    std::uint16_t port() const
    {
        sockaddr_storage text {};
        socklen_t size = sizeof text;
        getsockname(m_descriptor, reinterpret_cast<sockaddr*>(&text), &size);
        return ntohs(text.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(text).sin6_port
                                                : reinterpret_cast<sockaddr_in&>(text).sin_port);
    }

private:
    static socklen_t write(const QHostAddress& address, std::uint16_t port, sockaddr_storage& text)
    {
        if (address.protocol() == QHostAddress::IPv4Protocol) {
            sockaddr_in to {};
            to.sin_family = AF_INET;
            to.sin_port = htons(port);
            to.sin_addr.s_addr = htonl(address.toIPv4Address());
            std::memcpy(&text, &to, sizeof to);
            return sizeof to;
        }
        sockaddr_in6 to {};
        to.sin6_family = AF_INET6;
        to.sin6_port = htons(port);
        const Q_IPV6ADDR octets = address.toIPv6Address();
        std::memcpy(&to.sin6_addr, &octets, sizeof octets);
        to.sin6_scope_id = address.scopeId().toUInt();
        std::memcpy(&text, &to, sizeof to);
        return sizeof to;
    }

    int m_descriptor = -1;
    int m_error = 0;
};

// Listens, and hands out who comes. Where no more files may be open, whoever came waits in the
// kernel's queue: to be told of it without end would only keep the processor busy.
class Server
{
public:
    Server(const QHostAddress& address, std::uint16_t port,
           const std::function<void(qintptr)>& accept)
        : m_accept(accept)
        , m_socket(address, port)
        , m_error(m_socket.error())
    {
        if (m_error == 0 && ::listen(m_socket.descriptor(), backlog) != 0)
            m_error = errno;
        if (m_error != 0)
            return;
        m_rest.setSingleShot(true);
        m_news = std::make_unique<QSocketNotifier>(m_socket.descriptor(), QSocketNotifier::Read);
        QObject::connect(&m_rest, &QTimer::timeout, &m_rest, [this] { m_news->setEnabled(true); });
        QObject::connect(m_news.get(), &QSocketNotifier::activated, m_news.get(),
                         [this] { acceptAll(); });
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() = default;

    int error() const { return m_error; }

private:
    void acceptAll()
    {
        // Whoever takes a connection may close this listener.
        const QPointer<QSocketNotifier> open(m_news.get());
        for (int count = 0; open && count < atOnce; ++count) {
            const int descriptor =
                ::accept4(m_socket.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor < 0) {
                if (wire::isOutOfFiles(errno)) {
                    m_news->setEnabled(false);
                    m_rest.start(rest);
                }
                return;
            }
            m_accept(descriptor);
        }
    }

    const std::function<void(qintptr)>& m_accept;
    BoundSocket m_socket;
    int m_error;
    std::unique_ptr<QSocketNotifier> m_news; ///< goes before the socket, whose number it watches
    QTimer m_rest;
};

std::string inWords(int error)
{
    return std::system_category().message(error);
}

} // namespace

struct Listener::Place
{
    Place(const QHostAddress& where, std::uint16_t port)
        : address(where)
        , hold(where, port)
    {
    }

    int listen(std::uint16_t port, const std::function<void(qintptr)>& accept)
    {
        server = std::make_unique<Server>(address, port, accept);
        const int error = server->error();
        if (error != 0)
            server.reset();
        return error;
    }

    QHostAddress address;
    BoundSocket hold;
    std::unique_ptr<Server> server; ///< null: closed
};

Listener::Listener(std::function<void(qintptr)> accept)
    : m_accept(std::move(accept))
{
}

Listener::~Listener() = default;

std::string Listener::add(const QHostAddress& address, std::uint16_t port)
{
    auto place = std::make_unique<Place>(address, port);
    if (place->hold.error() != 0)
        return inWords(place->hold.error());
    m_port = place->hold.port();
    if (const int error = place->listen(m_port, m_accept); error != 0)
        return inWords(error);
    m_places.push_back(std::move(place));
    return {};
}

std::string Listener::open(const QHostAddress& address, std::uint16_t port)
{
    const std::string error = add(address, port);
    if (error.empty())
        return {};
    const std::string where = port == 0 ? "" : " port " + std::to_string(port);
    return "cannot listen on " + address.toString().toStdString() + where + ": " + error;
}

std::string Listener::openOnLoopback(std::uint16_t port)
{
    const QHostAddress six(QHostAddress::LocalHostIPv6);
    const bool hasSix = BoundSocket(six, 0).error() == 0;
    for (int tries = 0;; ++tries) {
        m_places.clear();
        if (auto error = open(QHostAddress(QHostAddress::LocalHost), port); !error.empty())
            return error;
        if (!hasSix)
            return {};
        if (auto error = open(six, m_port); error.empty() || port != 0 || tries == mostTries)
            return error;
    }
}

void Listener::close()
{
    for (const auto& place : m_places)
        place->server.reset();
}

std::string Listener::openAgain()
{
    for (const auto& place : m_places) {
        const int error = place->server ? 0 : place->listen(m_port, m_accept);
        if (error != 0)
            return "cannot listen on port " + std::to_string(m_port) + " again: " + inWords(error);
    }
    return {};
}

QHostAddress Listener::address() const
{
    return m_places.empty() ? QHostAddress() : m_places.front()->address;
}

bool Listener::isOpen() const
{
    return std::any_of(m_places.begin(), m_places.end(),
                       [](const auto& place) { return place->server != nullptr; });
}

} // namespace stickyscope::lab
