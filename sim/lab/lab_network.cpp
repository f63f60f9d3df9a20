// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The way of other machines to the lanes' balancers.
#include "sim/lab/lab_world.h"
#include "sim/lab/network_addresses.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

Outcome<std::vector<std::string>> LabLane::openToNetwork(const std::vector<QHostAddress>& addresses)
{
    std::vector<std::string> urls;
    for (const QHostAddress& address : addresses) {
        const auto port = m_balancer->openToNetwork(address);
        if (!port)
            return Outcome<std::vector<std::string>>::failure(port.error());
        urls.push_back(writtenUrl(address, *port, m_secure));
    }
    return urls;
}

Outcome<LabTraffic::LaneUrls> LabTraffic::openToNetwork(const std::vector<QHostAddress>& addresses)
{
    LaneUrls all;
    std::string error;
    onWire([&] {
        for (const auto& lane : m_lanes) {
            auto urls = lane->openToNetwork(addresses);
            if (urls)
                all.push_back(std::move(*urls));
            else if (error.empty())
                error = urls.error();
        }
        if (!error.empty()) {
            for (const auto& lane : m_lanes)
                lane->closeNetwork();
        }
    });
    if (!error.empty())
        return Outcome<LaneUrls>::failure(error);
    return all;
}

void LabTraffic::closeNetwork()
{
    onWire([this] {
        for (const auto& lane : m_lanes)
            lane->closeNetwork();
    });
}

bool LabTraffic::hadGuestsFromOutside() const
{
    return std::any_of(m_books.begin(), m_books.end(), [](const GuestBook* book) {
        const auto guests = book->guests();
        return std::any_of(guests.begin(), guests.end(),
                           [](const Guest& guest) { return guest.outside; });
    });
}

} // namespace stickyscope::lab
