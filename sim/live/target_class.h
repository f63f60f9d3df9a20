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

struct Target;

/// The host beyond this machine that a target leads to, by any of its names: address, Host field,
/// where it connects, its proxy. Empty where all of them are this machine.
std::string hostToPermit(const Target& target);

/// What a target's names say of it: loopback where all of them are this machine, else private at
/// the least, whatever it resolves to.
TargetClass namedClass(const Target& target);

/// Decides about each connection of one run by the address itself: without a permission only
/// loopback is open, whatever a name resolves to.
class TargetGuard
{
public:
    TargetGuard(std::string host, bool permitted)
        : m_host(std::move(host))
        , m_permitted(permitted)
    {
    }

    /// One line that refuses, or nothing.
    std::optional<std::string> operator()(const QHostAddress& address) const;

private:
    std::string m_host;
    bool m_permitted;
};

} // namespace stickyscope::live
