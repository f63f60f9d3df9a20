// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>

#include <vector>

namespace stickyscope::lab {

/// The addresses by which other machines can reach this one, without those that mean nothing to
/// them: loopback, and IPv6's link-local ones, which a browser cannot ask.
struct NetworkAddresses
{
    /// Private ones (RFC 1918, RFC 4193, 169.254/16), those of a real network card first, of these
    /// IPv4 first.
    std::vector<QHostAddress> local;
    std::vector<QHostAddress> publicOnes;
};

/// Of the interfaces that are up now.
NetworkAddresses networkAddresses();

/// Whether this address is one of this machine's own, as it stands now.
bool isThisMachine(const QHostAddress& address);

/// "http://192.168.1.5:8000", "http://[fd00::2]:8000"
std::string writtenUrl(const QHostAddress& address, std::uint16_t port, bool tls = false);

} // namespace stickyscope::lab
