// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/idle_connections.h"

namespace stickyscope::lab {

IdleConnections::IdleConnections(const QHostAddress& address, std::uint16_t port, std::size_t count)
{
    m_sockets.reserve(count);
    for (std::size_t number = 0; number < count; ++number) {
        m_sockets.push_back(std::make_unique<QTcpSocket>());
        QTcpSocket* const socket = m_sockets.back().get();
        // Not from within the end of the one before.
        QObject::connect(
            socket, &QTcpSocket::disconnected, socket,
            [socket, address, port] { socket->connectToHost(address, port); },
            Qt::QueuedConnection);
        socket->connectToHost(address, port);
    }
}

IdleConnections::~IdleConnections()
{
    for (const auto& socket : m_sockets) {
        socket->disconnect();
        socket->abort();
    }
}

} // namespace stickyscope::lab
