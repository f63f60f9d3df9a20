// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// Where a server listens: at one address, or at both loopback addresses with one port. Hands out
/// the descriptors of those who came. Its ports are its own from open() until it is destroyed, also
/// while it is closed: then connections are refused, and the kernel gives the ports to nobody else.
/// While no more files may be open it looks ten times a second whether one may; who comes, waits.
class Listener
{
public:
    explicit Listener(std::function<void(qintptr)> accept);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

    /// Once. Port 0: any free one. An error in words, or an empty text.
    std::string open(const QHostAddress& address, std::uint16_t port);
    /// As open() of 127.0.0.1, and of [::1] where this machine has it.
    std::string openOnLoopback(std::uint16_t port);
    void close();
    /// Where it was open before. An error in words, or an empty text.
    std::string openAgain();
    bool isOpen() const;
    /// The first one.
    QHostAddress address() const;
    std::uint16_t port() const { return m_port; }

private:
    struct Place;

    std::string add(const QHostAddress& address, std::uint16_t port);

    std::function<void(qintptr)> m_accept;
    std::vector<std::unique_ptr<Place>> m_places;
    std::uint16_t m_port = 0;
};

} // namespace stickyscope::lab
