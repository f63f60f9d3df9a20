// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The balancer's doors: who may come in, and how the one to other machines closes.
#include "sim/http/url.h"
#include "sim/lab/open_files.h"
#include "sim/lab/proxy_client.h"
#include "sim/lab/tunnel.h"

#include <QHostInfo>

#include <algorithm>
#include <unistd.h>

namespace stickyscope::lab {

namespace {

// What people type to reach this machine, beside its addresses.
bool isNameOfThisMachine(const std::string& host)
{
    static const std::string own = QHostInfo::localHostName().toLower().toStdString();
    return host == "localhost" || (!own.empty() && (host == own || host == own + ".local"));
}

} // namespace

std::unique_ptr<Listener> ProxyCore::listener(ProxyDoor door)
{
    return std::make_unique<Listener>(
        [this, door](qintptr descriptor) { accept(descriptor, door); });
}

std::string ProxyCore::listen(const QHostAddress& address, std::uint16_t port)
{
    const ProxyDoor door {.secure = tls.has_value()};
    auto here = listener(door);
    if (auto error = here->open(address, port); !error.empty())
        return error;
    return listensNow(std::move(here), door);
}

Outcome<std::uint16_t> ProxyCore::openLoopback(std::uint16_t port, bool secure)
{
    const ProxyDoor door {.secure = secure};
    auto here = listener(door);
    if (auto error = here->openOnLoopback(port); !error.empty())
        return Outcome<std::uint16_t>::failure(error);
    const std::uint16_t got = here->port();
    if (auto error = listensNow(std::move(here), door); !error.empty())
        return Outcome<std::uint16_t>::failure(error);
    return got;
}

std::string ProxyCore::listensNow(std::unique_ptr<Listener> listener, ProxyDoor door)
{
    if (m_listeners.empty()) {
        if (auto error = openInnerDoors(); !error.empty())
            return error;
        m_port = listener->port();
        m_secure = door.secure;
    }
    m_listeners.push_back(std::move(listener));
    forEachInstance([](BalancerInstance& one) { one.check(); });
    return {};
}

void ProxyCore::accept(qintptr descriptor, ProxyDoor door)
{
    const int socket = static_cast<int>(descriptor);
    const std::size_t most = m_settings.limits.connections;
    const bool inner = door.tier != 0;
    if (m_stopped || (!inner && clientConnections() >= most + turnedAwayAtOnce(most))) {
        ::close(socket);
        return;
    }
    std::string peer = wire::peerOf(socket);
    std::unique_ptr<wire::Stream> stream;
    if (door.secure)
        stream = std::make_unique<wire::TlsStream>(socket, *tls);
    else
        stream = std::make_unique<wire::PlainStream>(socket);
    auto client = std::make_unique<ProxyClient>(*this, std::move(stream), std::move(peer), door);
    client->place = m_clients.size();
    m_clients.push_back(std::move(client));
    m_innerConnections += inner ? 1U : 0U;
    if (!inner && clientConnections() > most)
        m_clients.back()->turnAway();
    else
        m_clients.back()->begin();
}

Outcome<std::uint16_t> ProxyCore::openToNetwork(const QHostAddress& address)
{
    using Port = Outcome<std::uint16_t>;
    auto door = listener({.fromNetwork = true, .secure = m_secure});
    // One number for all of its addresses is easier to read out; any free one will do.
    if (!door->open(address, m_port).empty()) {
        if (const auto error = door->open(address, 0); !error.empty())
            return Port::failure(error);
    }
    const std::uint16_t port = door->port();
    m_networkListeners.push_back(std::move(door));
    return port;
}

void ProxyCore::closeNetwork()
{
    m_networkListeners.clear();
    std::vector<ProxyClient*> clients;
    for (const auto& client : m_clients) {
        if (client->fromNetwork())
            clients.push_back(client.get());
    }
    for (ProxyClient* client : clients)
        client->close();
    std::vector<Tunnel*> tunnels;
    for (const auto& tunnel : m_tunnels) {
        if (tunnel->fromNetwork)
            tunnels.push_back(tunnel.get());
    }
    for (Tunnel* tunnel : tunnels)
        tunnel->end(false);
}

// A page of another site must not reach it by a name of its own that it lets lead here.
bool ProxyCore::servesToNetwork(const http::RequestHead& head) const
{
    const std::string* field = head.fields.find("Host");
    const auto url = field ? http::parseUrl("http://" + *field) : std::nullopt;
    if (!url)
        return false;
    if (url->host == networkName || isNameOfThisMachine(url->host))
        return true;
    const QHostAddress number(QString::fromStdString(url->host));
    return std::any_of(m_networkListeners.begin(), m_networkListeners.end(),
                       [&number](const auto& listener) { return listener->address() == number; });
}

} // namespace stickyscope::lab
