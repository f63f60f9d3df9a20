// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/target_class.h"

#include "sim/live/target.h"

#include <array>
#include <vector>

namespace stickyscope::live {

namespace {

QHostAddress unmapped(const QHostAddress& address)
{
    bool mapped = false;
    const quint32 v4 = address.toIPv4Address(&mapped);
    return mapped ? QHostAddress(v4) : address;
}

} // namespace

TargetClass classify(const QHostAddress& address)
{
    const QHostAddress plain = unmapped(address);
    if (plain.isLoopback())
        return TargetClass::loopback;
    static const std::array<std::pair<QHostAddress, int>, 6> ranges {{
        {QHostAddress(QStringLiteral("10.0.0.0")), 8},
        {QHostAddress(QStringLiteral("172.16.0.0")), 12},
        {QHostAddress(QStringLiteral("192.168.0.0")), 16},
        {QHostAddress(QStringLiteral("169.254.0.0")), 16},
        {QHostAddress(QStringLiteral("fc00::")), 7},
        {QHostAddress(QStringLiteral("fe80::")), 10},
    }};
    for (const auto& [network, bits] : ranges) {
        if (plain.isInSubnet(network, bits))
            return TargetClass::privateNetwork;
    }
    return TargetClass::publicNetwork;
}

bool namesThisMachine(const std::string& host)
{
    if (host == "localhost" || host.ends_with(".localhost"))
        return true;
    const QHostAddress address(QString::fromStdString(host));
    return !address.isNull() && classify(address) == TargetClass::loopback;
}

std::string hostToPermit(const Target& target)
{
    const wire::Endpoint& endpoint = target.endpoint;
    std::vector<std::string> hosts {endpoint.url.host, endpoint.destination().first};
    if (endpoint.proxy)
        hosts.push_back(endpoint.proxy->host);
    if (const std::string* field = target.request.fields.find("Host")) {
        const auto url = http::parseUrl("http://" + *field);
        hosts.push_back(url ? url->host : *field);
    }
    for (const std::string& host : hosts) {
        if (!namesThisMachine(host))
            return host;
    }
    return {};
}

TargetClass namedClass(const Target& target)
{
    return hostToPermit(target).empty() ? TargetClass::loopback : TargetClass::privateNetwork;
}

std::optional<std::string> TargetGuard::operator()(const QHostAddress& address) const
{
    if (m_permitted || classify(address) == TargetClass::loopback)
        return std::nullopt;
    return m_host + " is " + address.toString().toStdString()
        + ", not this machine; say --i-may-test " + m_host + " if you may test it";
}

} // namespace stickyscope::live
