// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the world tells of itself to whoever explains a request.
#include "sim/virtual/virtual_world.h"

#include <algorithm>

namespace stickyscope {

using Kind = Intervention::Kind;

const VirtualBalancer& VirtualWorld::balancer(std::size_t place) const
{
    return m_balancers[m_tiers[place].first];
}

std::vector<std::optional<Fault>> VirtualWorld::whoFails(std::size_t place,
                                                         const Asked& asked) const
{
    const auto luck = m_chance.draw(asked.client, asked.ordinal, Purpose::replicaFault);
    const auto fault = [&](ReplicaIndex replica) -> std::optional<Fault> {
        if (!m_replicas[raw(replica)].running())
            return Fault::refused;
        const ActiveFaults& faults = m_troubles[raw(replica)].faults;
        if (faults.find(Kind::blackHole) || faults.find(Kind::pause))
            return Fault::timedOut;
        if (faults.strikes(Kind::reset, luck))
            return Fault::reset;
        return std::nullopt;
    };
    std::vector<std::optional<Fault>> all;
    for (const TierMember& server : m_tiers[place].members)
        all.push_back(server.replica == noReplica ? std::nullopt : fault(server.replica));
    return all;
}

http::RequestHead VirtualWorld::headOf(const Asked& asked, TextId cookie) const
{
    const auto found =
        std::find_if(m_requests.begin(), m_requests.end(), [&](const VirtualRequest& one) {
            return one.client == asked.client && one.ordinal == asked.ordinal;
        });
    const VirtualBalancer::Asker asker = found == m_requests.end()
        ? VirtualBalancer::Asker {resourceOf(m_clients[raw(asked.client)], asked.ordinal)}
        : askerOf(*found);
    http::RequestHead head;
    balancer(0).writeHead(head, asker, cookie, m_texts);
    return head;
}

http::ResponseHead VirtualWorld::answerOf(std::size_t place, const Asked& asked,
                                          ReplicaIndex server) const
{
    const bool upgrades =
        asked.upgraded || specOf(m_clients[raw(asked.client)]).kind == ClientKind::websocket;
    http::ResponseHead response {.status = upgrades ? 101 : 200};
    const ReplicaIndex replica = replicaOf(m_tiers[place].first, server);
    const auto luck = m_chance.draw(asked.client, asked.ordinal, Purpose::replicaFault);
    if (replica != noReplica && m_troubles[raw(replica)].faults.strikes(Kind::errors, luck))
        response.status = m_troubles[raw(replica)].faults.fault(Kind::errors)->status;
    if (!m_scenario->sessionCookie.empty() && replica != noReplica && !asked.sessionIsThere)
        response.fields.add(
            "Set-Cookie",
            sessionCookieOf(asked.client, asked.ordinal, m_scenario->replicas[raw(replica)]));
    return response;
}

} // namespace stickyscope
