// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/guest_book.h"

#include "sim/lab/network_addresses.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

std::string addressIn(const std::string& source)
{
    std::string address = source.substr(0, source.rfind(':'));
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    return address;
}

} // namespace

void GuestBook::enter(ClientIndex client, const std::string& name, const std::string& source)
{
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(m_mutex);
    if (Guest* known = find(client)) {
        known->lastAsked = now;
        return;
    }
    Guest guest {.client = client, .name = name, .address = addressIn(source), .lastAsked = now};
    guest.outside = !isThisMachine(QHostAddress(QString::fromStdString(guest.address)));
    m_guests.push_back(std::move(guest));
}

void GuestBook::speaks(ClientIndex client)
{
    const std::lock_guard lock(m_mutex);
    if (Guest* known = find(client))
        known->lastAsked = std::chrono::steady_clock::now();
}

void GuestBook::opens(ClientIndex client)
{
    const std::lock_guard lock(m_mutex);
    if (Guest* known = find(client))
        ++known->sockets;
}

void GuestBook::closes(ClientIndex client)
{
    const std::lock_guard lock(m_mutex);
    if (Guest* known = find(client); known && known->sockets > 0)
        --known->sockets;
}

Guest* GuestBook::find(ClientIndex client)
{
    const auto known = std::find_if(m_guests.begin(), m_guests.end(),
                                    [client](const Guest& one) { return one.client == client; });
    return known == m_guests.end() ? nullptr : &*known;
}

std::vector<Guest> GuestBook::guests() const
{
    const std::lock_guard lock(m_mutex);
    return m_guests;
}

} // namespace stickyscope::lab
