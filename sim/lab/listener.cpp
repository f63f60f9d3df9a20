// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/listener.h"

#include <QTcpServer>

#include <algorithm>
#include <cerrno>
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

class Server final : public QTcpServer
{
public:
    explicit Server(const std::function<void(qintptr)>& accept)
        : m_accept(accept)
    {
        setListenBacklogSize(backlog);
    }

protected:
    void incomingConnection(qintptr descriptor) override { m_accept(descriptor); }

private:
    const std::function<void(qintptr)>& m_accept;
};

// A socket that is bound and never listens: it keeps its port, while another one, which allows that
// too (SO_REUSEADDR, socket(7)), may listen there.
class Hold
{
public:
    Hold(const QHostAddress& address, std::uint16_t port)
    {
        sockaddr_storage text {};
        const socklen_t size = write(address, port, text);
        m_descriptor = ::socket(text.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int yes = 1;
        setsockopt(m_descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (address.protocol() != QHostAddress::IPv4Protocol)
            setsockopt(m_descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
        if (::bind(m_descriptor, reinterpret_cast<const sockaddr*>(&text), size) != 0)
            m_error = errno;
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() { ::close(m_descriptor); }

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

std::string inWords(int error)
{
    return std::system_category().message(error);
}

} // namespace

struct Listener::Place
{
    Place(const QHostAddress& where, std::uint16_t port, const std::function<void(qintptr)>& accept)
        : address(where)
        , hold(where, port)
        , server(accept)
    {
    }

    QHostAddress address;
    Hold hold;
    Server server;
};

Listener::Listener(std::function<void(qintptr)> accept)
    : m_accept(std::move(accept))
{
}

Listener::~Listener() = default;

std::string Listener::add(const QHostAddress& address, std::uint16_t port)
{
    auto place = std::make_unique<Place>(address, port, m_accept);
    if (place->hold.error() != 0)
        return inWords(place->hold.error());
    m_port = place->hold.port();
    if (!place->server.listen(address, m_port))
        return place->server.errorString().toStdString();
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
    const bool hasSix = Hold(six, 0).error() == 0;
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
        place->server.close();
}

std::string Listener::openAgain()
{
    for (const auto& place : m_places) {
        if (!place->server.isListening() && !place->server.listen(place->address, m_port))
            return "cannot listen on port " + std::to_string(m_port)
                + " again: " + place->server.errorString().toStdString();
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
                       [](const auto& place) { return place->server.isListening(); });
}

} // namespace stickyscope::lab
