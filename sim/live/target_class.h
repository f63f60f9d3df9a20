// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>

#include <cstdint>
#include <optional>
#include <string>

namespace stickyscope::live {

/// How much may be asked of an address, judged by the address itself, never by a name.
enum class TargetClass : std::uint8_t
{
    loopback,
    privateNetwork,
    publicNetwork
};

TargetClass classify(const QHostAddress& address);
/// A name that means this machine: localhost, *.localhost, a loopback address.
bool namesThisMachine(const std::string& host);

/// Decides about each connection of one run. What is behind a loopback address is a tunnel
/// (kubectl port-forward, ssh) where the host is called anything but localhost, and counts as
/// private.
class TargetGuard
{
public:
    /// `host`: what the request names; `permitted`: the host that the user said may be tested.
    TargetGuard(std::string host, std::string permitted)
        : m_host(std::move(host))
        , m_permitted(std::move(permitted))
    {
    }

    /// One line that refuses, or nothing.
    std::optional<std::string> operator()(const QHostAddress& address) const;

private:
    std::string m_host;
    std::string m_permitted;
};

} // namespace stickyscope::live
