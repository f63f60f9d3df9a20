// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QTcpSocket>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace stickyscope::lab {

/// Connections to a server that ask nothing, as a flood of them does. One that the server ends is
/// made anew; all of them end with this.
class IdleConnections
{
public:
    IdleConnections(const QHostAddress& address, std::uint16_t port, std::size_t count);
    IdleConnections(const IdleConnections&) = delete;
    IdleConnections& operator=(const IdleConnections&) = delete;
    ~IdleConnections();
    std::size_t size() const { return m_sockets.size(); }

private:
    std::vector<std::unique_ptr<QTcpSocket>> m_sockets;
};

} // namespace stickyscope::lab
