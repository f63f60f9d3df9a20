// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// When clients send of their own accord, and what becomes of their cookies on the way.
#include "sim/http/jar_mishaps.h"
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

Arrivals VirtualWorld::arrivalsOf(const VirtualClient& client) const
{
    return {.group = specOf(client),
            .firstClient = m_sites[client.group].firstClient,
            .chance = m_chance,
            .starts = m_scenario->starts};
}

void VirtualWorld::sendFirst(ClientIndex index)
{
    const Arrivals arrivals = arrivalsOf(m_clients[raw(index)]);
    if (const auto at = arrivals.first(index))
        sendTogether(index, *at, arrivals.together(true));
}

void VirtualWorld::scheduleNext(ClientIndex index, std::uint32_t ordinal)
{
    const Arrivals arrivals = arrivalsOf(m_clients[raw(index)]);
    if (const auto at = arrivals.next(index, ordinal, m_now))
        sendTogether(index, *at, arrivals.together(false));
}

void VirtualWorld::sendTogether(ClientIndex index, Instant at, int requests)
{
    m_events.push(at, EventKind::clientSends, raw(index));
    for (int more = 1; more < requests; ++more)
        m_events.push(at, EventKind::clientSends, raw(index), 1);
}

// The answer has Clear-Site-Data: "cookies", which counts over TLS alone, or takes the
// application's own cookie back. Either way the session is over.
void VirtualWorld::logOut(ClientIndex index, std::uint32_t resource)
{
    VirtualClient& client = m_clients[raw(index)];
    client.sinceLogout = 0;
    client.endSession();
    if (client.jar == VirtualClient::noJar || specOf(client).jar == JarKind::none)
        return;
    http::CookieJar& jar = m_jars[client.jar];
    if (specOf(client).logout->clearsAll && (*m_urls)[resource].secure())
        jar.clear();
    else if (!m_scenario->sessionCookie.empty())
        jar.remove(m_scenario->sessionCookie);
}

void VirtualWorld::changeCookies(const Intervention& intervention, ClientIndex index)
{
    const std::uint32_t own = m_clients[raw(index)].jar;
    if (own == VirtualClient::noJar)
        return;
    // A jar that several have is changed once.
    const bool again =
        intervention.client == noClient && raw(index) > 0 && m_clients[raw(index) - 1].jar == own;
    if (again)
        return;
    http::JarMishap mishap {.kind = intervention.kind};
    if (isOfTwoClients(intervention.kind)) {
        const std::uint32_t other = m_clients[raw(intervention.from)].jar;
        mishap.other = other == VirtualClient::noJar ? nullptr : &m_jars[other];
    }
    for (const VirtualBalancer& balancer : m_balancers)
        mishap.sticky.push_back(balancer.dispatcher().cookieName());
    http::befall(m_jars[own], mishap);
}

} // namespace stickyscope
