// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the world tells of itself to whoever explains a request.
#include "sim/virtual/virtual_world.h"

namespace stickyscope {

std::vector<bool> VirtualWorld::whoAnswers() const
{
    std::vector<bool> answers;
    for (const TierMember& server : m_tiers[m_tierOf.front()].members)
        answers.push_back(server.replica == noReplica || m_replicas[raw(server.replica)].running());
    return answers;
}

http::RequestHead VirtualWorld::headOf(ClientIndex client, std::uint32_t ordinal,
                                       std::string_view cookie) const
{
    const VirtualBalancer::Resource& resource =
        balancer().resource(resourceOf(m_clients[raw(client)], ordinal));
    http::RequestHead head;
    head.target = resource.target;
    head.fields = resource.headers;
    if (!cookie.empty())
        head.fields.add("Cookie", cookie);
    return head;
}

http::ResponseHead VirtualWorld::answerOf(const Asked& asked, ReplicaIndex server) const
{
    const bool upgrades =
        asked.upgraded || specOf(m_clients[raw(asked.client)]).kind == ClientKind::websocket;
    http::ResponseHead response {.status = upgrades ? 101 : 200};
    const ReplicaIndex replica = replicaOf(0, server);
    if (!m_scenario->sessionCookie.empty() && replica != noReplica && !asked.sessionIsThere)
        response.fields.add(
            "Set-Cookie",
            sessionCookieOf(asked.client, asked.ordinal, m_scenario->replicas[raw(replica)]));
    return response;
}

} // namespace stickyscope
