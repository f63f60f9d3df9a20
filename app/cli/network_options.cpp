// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/network_options.h"

#include "app/cli/console.h"
#include "sim/lab/network_addresses.h"
#include "sim/lab/network_hint.h"

namespace stickyscope::cli {

namespace {

Outcome<std::vector<QHostAddress>> given(const std::vector<std::string>& texts)
{
    using Addresses = Outcome<std::vector<QHostAddress>>;
    std::vector<QHostAddress> addresses;
    for (const std::string& text : texts) {
        const QHostAddress address(QString::fromStdString(text));
        if (address.isNull() || address == QHostAddress::AnyIPv4
            || address == QHostAddress::AnyIPv6)
            return Addresses::failure("--network-address takes an address of this computer in "
                                      "numbers, such as 192.168.1.5, not "
                                      + text);
        addresses.push_back(address);
    }
    return addresses;
}

} // namespace

void addNetworkOptions(CLI::App& app, NetworkOptions& options)
{
    app.add_flag("--open-to-network", options.open,
                 "Other machines in the local network may ask the balancers too, by this "
                 "computer's private addresses; they are printed, with a QR code");
    app.add_option("--network-address", options.addresses,
                   "Only by this address of this computer, a public one too; means "
                   "--open-to-network");
}

Outcome<lab::LabTraffic::LaneUrls> openToNetwork(const NetworkOptions& options,
                                                 lab::LabTraffic& traffic)
{
    using Urls = Outcome<lab::LabTraffic::LaneUrls>;
    auto addresses = given(options.addresses);
    if (!addresses)
        return Urls::failure(addresses.error());
    if (addresses->empty()) {
        const lab::NetworkAddresses own = lab::networkAddresses();
        *addresses = own.local;
        if (own.local.empty() && own.publicOnes.empty())
            return Urls::failure("this computer is in no network");
        for (const QHostAddress& address : own.publicOnes)
            complain("not opened: " + address.toString().toStdString()
                     + " is a public address (--network-address opens it)");
        if (own.local.empty())
            return Urls::failure("this computer has no private address to open");
    }
    return traffic.openToNetwork(*addresses);
}

void NobodyHint::look()
{
    constexpr std::chrono::seconds patience {30};
    if (m_done || m_urls.empty() || std::chrono::steady_clock::now() - m_opened < patience)
        return;
    m_done = true;
    const auto traffic = m_traffic.lock();
    if (!traffic || traffic->hadGuestsFromOutside())
        return;
    std::vector<std::string> urls;
    for (const auto& lane : m_urls)
        urls.insert(urls.end(), lane.begin(), lane.end());
    for (const std::string& line : lab::whyNobodyComes(urls))
        complain(line);
}

} // namespace stickyscope::cli
