// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/network_addresses.h"

#include "sim/live/target_class.h"

#include <QFileInfo>
#include <QNetworkInterface>

#include <algorithm>

namespace stickyscope::lab {

namespace {

// Bridges of containers, tunnels and the like have no device of their own (Linux: sysfs).
bool isCard(const QNetworkInterface& interface)
{
    return QFileInfo::exists(QStringLiteral("/sys/class/net/%1/device").arg(interface.name()));
}

} // namespace

NetworkAddresses networkAddresses()
{
    struct Found
    {
        bool behind = false; ///< a real card's come first
        bool v6 = false;
        QHostAddress address;
    };
    std::vector<Found> found;
    for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
        const auto flags = interface.flags();
        if (!flags.testFlag(QNetworkInterface::IsUp)
            || flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        for (const QNetworkAddressEntry& entry : interface.addressEntries()) {
            const QHostAddress address = entry.ip();
            const bool v6 = address.protocol() == QAbstractSocket::IPv6Protocol;
            if (!address.isLoopback() && !(v6 && address.isLinkLocal()))
                found.push_back({!isCard(interface), v6, address});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return std::pair(a.behind, a.v6) < std::pair(b.behind, b.v6);
    });
    NetworkAddresses addresses;
    for (const Found& one : found) {
        const bool isPublic = live::classify(one.address) == live::TargetClass::publicNetwork;
        (isPublic ? addresses.publicOnes : addresses.local).push_back(one.address);
    }
    return addresses;
}

bool isThisMachine(const QHostAddress& address)
{
    const QList<QHostAddress> own = QNetworkInterface::allAddresses();
    return std::any_of(own.begin(), own.end(), [&address](const QHostAddress& one) {
        return one.isEqual(address, QHostAddress::TolerantConversion);
    });
}

std::string writtenUrl(const QHostAddress& address, std::uint16_t port, bool tls)
{
    const std::string host = address.toString().toStdString();
    const bool v6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (tls ? "https://" : "http://") + (v6 ? "[" + host + "]" : host) + ":"
        + std::to_string(port);
}

} // namespace stickyscope::lab
