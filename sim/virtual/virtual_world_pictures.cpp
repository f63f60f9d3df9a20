// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What pictures need beside observations: who stands behind whom, what is wrong with replicas, and
// what the cookies of clients name.
#include "sim/model/snapshot.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>

namespace stickyscope {

std::vector<CastBalancer> VirtualWorld::castBalancers() const
{
    std::vector<CastBalancer> all;
    if (m_balancers.size() < 2)
        return all;
    for (std::size_t number = 0; number < m_balancers.size(); ++number) {
        const std::uint8_t place = m_tierOf[number];
        const BalancerTier& tier = m_tiers[place];
        const Dispatcher& dispatcher = m_balancers[number].dispatcher();
        CastBalancer& one = all.emplace_back();
        one.name =
            tier.spec.name.empty() ? std::string(dispatcher.product().title) : tier.spec.name;
        if (tier.spec.count > 1)
            one.name += " " + std::to_string(number - tier.first + 1);
        if (tier.spec.sticky)
            one.cookie = dispatcher.cookieName();
        one.place = place;
        one.asked = std::find(m_entries.begin(), m_entries.end(), place) != m_entries.end();
        one.beside = tier.spec.count > 1;
        one.sharesSessions = tier.spec.sharedSessions;
        for (const TierMember& member : tier.members) {
            if (member.replica != noReplica) {
                one.replicas.push_back(member.replica);
                continue;
            }
            const BalancerTier& behind = m_tiers[member.tier];
            for (int next = 0; next < behind.spec.count; ++next)
                one.balancers.push_back(static_cast<std::uint8_t>(behind.first + next));
        }
    }
    return all;
}

void VirtualWorld::observePassedOn(const VirtualRequest& request, std::uint8_t to)
{
    if (!m_flightsObserved)
        return;
    Observation passed = about(request, ObservationKind::placed);
    passed.status = static_cast<std::uint16_t>(to + 1);
    observe(passed);
}

std::pair<ReplicaIndex, std::uint8_t> VirtualWorld::namedAt(const BalancerTier& tier, TextId cookie,
                                                            const VirtualBalancer::Asker& asker)
{
    // Of those side by side one may know a cookie that the others do not.
    for (int number = 0; number < tier.spec.count; ++number) {
        const auto names =
            m_balancers[tier.first + number].recall(cookie, asker, m_texts, wall()).names;
        if (names == noReplica)
            continue;
        if (m_flat)
            return {names, noBalancer};
        const TierMember& member = tier.members[raw(names)];
        return {member.replica,
                member.replica == noReplica ? m_tiers[member.tier].first : noBalancer};
    }
    return {noReplica, noBalancer};
}

void VirtualWorld::noteCookies(ClientIndex index)
{
    if (!m_flightsObserved)
        return;
    VirtualClient& client = m_clients[raw(index)];
    if (m_balancers.size() < 2 || client.jar == VirtualClient::noJar)
        return;
    m_held.resize(m_clients.size() * m_tiers.size(), {noReplica, noBalancer});
    refreshCookie(client);
    VirtualRequest next;
    next.client = index;
    next.ordinal = client.ordinal;
    next.carried = client.carried;
    for (std::size_t place = 0; place < m_tiers.size(); ++place) {
        if (m_tiers[place].spec.sticky)
            m_held[raw(index) * m_tiers.size() + place] =
                namedAt(m_tiers[place], client.cookie, askerOf(next));
    }
}

// Of each client whose jar is another now, that of this one or all: several may share one.
void VirtualWorld::noteChange(ClientIndex of)
{
    if (!m_flightsObserved)
        return;
    const std::uint32_t jar = of == noClient ? VirtualClient::noJar : m_clients[raw(of)].jar;
    for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
        VirtualClient& client = m_clients[index];
        if (client.jar == VirtualClient::noJar || (of != noClient && client.jar != jar))
            continue;
        refreshCookie(client);
        VirtualRequest next;
        next.client = static_cast<ClientIndex>(index);
        next.ordinal = client.ordinal;
        next.cookie = client.cookie;
        next.carried = client.carried;
        if (m_balancers.size() > 1)
            next.balancer = drawBalancer(next, m_entries[resourceOf(next)]);
        noteCookies(next.client);
        m_changed.set(next.client, whereCookieLeads(next));
    }
}

// As the first balancer has it that knows the replica.
std::optional<int> VirtualWorld::weightOf(ReplicaIndex replica) const
{
    for (const BalancerTier& tier : m_tiers) {
        for (std::size_t place = 0; place < tier.members.size(); ++place) {
            if (tier.members[place].replica == replica)
                return m_balancers[tier.first].dispatcher().weight(
                    static_cast<ReplicaIndex>(place));
        }
    }
    return std::nullopt;
}

void VirtualWorld::addTo(LaneSnapshot& picture) const
{
    for (std::size_t place = 0; place < std::min(m_troubles.size(), picture.replicas.size());
         ++place) {
        picture.replicas[place].faults =
            m_troubles[place].faults.of(static_cast<ReplicaIndex>(place));
        picture.replicas[place].weight = weightOf(static_cast<ReplicaIndex>(place));
    }
    for (const auto& [client, names] : m_changed.all()) {
        if (raw(client) < picture.clients.size())
            picture.clients[raw(client)].cookie = names;
    }
    for (std::size_t place = 0; place < m_held.size(); ++place) {
        const std::size_t client = place / m_tiers.size();
        const auto& [replica, balancer] = m_held[place];
        if (client < picture.clients.size() && (replica != noReplica || balancer != noBalancer))
            picture.clients[client].held.push_back(
                {m_tiers[place % m_tiers.size()].first, replica, balancer});
    }
}

} // namespace stickyscope
