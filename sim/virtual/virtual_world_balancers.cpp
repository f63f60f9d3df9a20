// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The virtual world's balancers: which stands behind which, what they know of their servers, and
// what happens to a request on its way through them.
#include "sim/model/balancer_instances.h"
#include "sim/model/balancer_servers.h"
#include "sim/virtual/virtual_world.h"

#include <algorithm>

namespace stickyscope {

namespace {

// Made up where the file says nothing: a documentation network, from its tenth address on.
std::string addressOf(const ReplicaSpec& replica, std::size_t place)
{
    return replica.address.empty()
        ? "192.0.2." + std::to_string(10 + place % 240) + ":" + std::to_string(8000 + place / 240)
        : replica.address;
}

// What each group asks for, in order, with its headers.
std::vector<VirtualBalancer::Resource> resourcesOf(const Scenario& scenario,
                                                   const std::vector<http::Url>& urls)
{
    std::vector<VirtualBalancer::Resource> resources;
    resources.reserve(urls.size());
    for (const ClientSpec& group : scenario.clients) {
        const std::size_t end = resources.size() + std::max<std::size_t>(group.paths.size(), 1);
        while (resources.size() < end) {
            const http::Url& url = urls[resources.size()];
            resources.push_back(
                {.target = url.target(), .method = group.method, .secure = url.secure()});
            resources.back().carries = group.carries;
            resources.back().session = sessionPlaceOf(group.kind);
            http::Fields& headers = resources.back().headers;
            headers.add("Host", url.authority());
            for (const auto& [name, value] : group.headers) {
                if (!http::equalIgnoringCase(name, "Cookie"))
                    headers.set(name, value);
            }
        }
    }
    return resources;
}

} // namespace

void VirtualWorld::addTiers()
{
    for (const BalancerSpec& spec : balancersOf(*m_scenario, m_scenario->lanes[raw(m_lane)]))
        m_tiers.push_back({.spec = spec});
    m_flat = m_tiers.size() == 1 && m_tiers.front().spec.servers.empty();
    for (BalancerTier& tier : m_tiers) {
        m_sharesSessions = m_sharesSessions || tier.spec.sharedSessions;
        tier.first = static_cast<std::uint8_t>(m_balancers.size());
        const Product& product = *findProduct(tier.spec.product);
        tier.answerTimeout = tier.spec.answerTimeout.value_or(product.answerTimeout);
        tier.head = product.head;
        m_troubled = m_troubled || tier.spec.answerTimeout;
        const ReplicaSet servers = addServers(tier);
        for (int number = 0; number < tier.spec.count; ++number) {
            // Each has its own luck in what it draws as it starts.
            const Chance own {m_chance.seed + m_balancers.size()};
            m_balancers.emplace_back(instanceOf(tier.spec, number), servers, own,
                                     resourcesOf(*m_scenario, *m_urls));
            m_balancers.back().readConfiguration(wall());
            const Dispatcher& dispatcher = m_balancers.back().dispatcher();
            m_looksAtSource = m_looksAtSource || dispatcher.looksAtSource();
            m_namesConnections = m_namesConnections || dispatcher.namesConnections();
            if (m_scenario->cache == CacheCookies::store)
                m_balancers.back().setCacheable();
            m_tierOf.push_back(static_cast<std::uint8_t>(&tier - m_tiers.data()));
        }
    }
    for (const http::Url& url : *m_urls)
        m_entries.push_back(static_cast<std::uint8_t>(routeOf(*m_scenario, url.host, url.path)));
}

// Those that are there from the beginning.
ReplicaSet VirtualWorld::addServers(BalancerTier& tier) const
{
    ReplicaSet servers;
    for (std::size_t place = 0; place < m_scenario->replicas.size(); ++place) {
        const ReplicaSpec& replica = m_scenario->replicas[place];
        if (replica.joins > Duration::zero() || !isServer(tier.spec, replica.name))
            continue;
        servers.add(viewOf(replica, addressOf(replica, place)));
        tier.members.push_back({.replica = static_cast<ReplicaIndex>(place)});
    }
    for (std::size_t place = 1; place < m_tiers.size(); ++place) {
        const BalancerSpec& other = m_tiers[place].spec;
        if (tier.spec.servers.empty() || !isServer(tier.spec, other.name))
            continue;
        servers.add(viewOfBalancer(other, place));
        tier.members.push_back({.tier = static_cast<std::uint8_t>(place)});
    }
    return servers;
}

// Who waits there may be called in by what is done, or has to go elsewhere.
void VirtualWorld::forEachBalancer(ReplicaIndex replica, const BalancerAction& act)
{
    for (std::size_t number = 0; number < m_balancers.size(); ++number) {
        const std::vector<TierMember>& members = m_tiers[m_tierOf[number]].members;
        const auto found =
            std::find_if(members.begin(), members.end(),
                         [&](const TierMember& member) { return member.replica == replica; });
        if (found == members.end())
            continue;
        const auto server = static_cast<ReplicaIndex>(found - members.begin());
        act(m_balancers[number], server);
        callIn(static_cast<std::uint8_t>(number), server);
    }
}

void VirtualWorld::tell(ReplicaIndex replica, bool there)
{
    forEachBalancer(replica, [&](VirtualBalancer& balancer, ReplicaIndex server) {
        balancer.tell(server, there, m_now);
    });
}

void VirtualWorld::setDraining(ReplicaIndex replica, bool draining)
{
    forEachBalancer(replica, [&](VirtualBalancer& balancer, ReplicaIndex server) {
        balancer.setDraining(server, draining, wall());
    });
}

void VirtualWorld::replicaJoins(ReplicaIndex replica)
{
    const ReplicaSpec& spec = m_scenario->replicas[raw(replica)];
    for (BalancerTier& tier : m_tiers) {
        if (!isServer(tier.spec, spec.name))
            continue;
        tier.members.push_back({.replica = replica});
        for (int number = 0; number < tier.spec.count; ++number) {
            const auto balancer = static_cast<std::uint8_t>(tier.first + number);
            m_balancers[balancer].add(viewOf(spec, addressOf(spec, raw(replica))));
            m_balancers[balancer].readConfiguration(wall());
            const auto server = static_cast<ReplicaIndex>(tier.members.size() - 1);
            m_balancers[balancer].comesUp(server, m_now);
            callIn(balancer, server);
        }
    }
    // Where it was stopped before, the balancers know it, and it still does not run.
    if (m_replicas[raw(replica)].running())
        observeReplica(replica, ObservationKind::replicaStarted);
}

// It may still run: the balancer alone is told.
void VirtualWorld::replicaLeaves(ReplicaIndex replica)
{
    forEachBalancer(replica, [this](VirtualBalancer& balancer, ReplicaIndex server) {
        balancer.remove(server);
        balancer.readConfiguration(wall());
    });
    observeReplica(replica, ObservationKind::replicaDraining);
}

bool VirtualWorld::passesCheck(const TierMember& member, const HealthCheck& check) const
{
    if (member.replica != noReplica)
        return answersCheck(member.replica, check);
    const ReplicaSet& servers = m_balancers[m_tiers[member.tier].first].dispatcher().replicas();
    return std::any_of(servers.begin(), servers.end(),
                       [](const ReplicaView& server) { return server.up; });
}

// What a balancer does not know yet is not checked, nor what it does not know any more.
void VirtualWorld::checkHealth(std::uint8_t number)
{
    VirtualBalancer& balancer = m_balancers[number];
    const BalancerTier& tier = m_tiers[m_tierOf[number]];
    for (std::size_t place = 0; place < tier.members.size(); ++place) {
        const auto server = static_cast<ReplicaIndex>(place);
        if (balancer.dispatcher().replicas()[server].url.empty())
            continue;
        const bool good = passesCheck(tier.members[place], *tier.spec.healthCheck);
        if (!balancer.checked(server, good, m_now))
            continue;
        if (tier.members[place].replica != noReplica)
            observeReplica(tier.members[place].replica,
                           good ? ObservationKind::noticedUp : ObservationKind::noticedDown);
        callIn(number, server);
    }
    m_events.push(m_now + tier.spec.healthCheck->every, EventKind::healthCheck, number);
}

void VirtualWorld::reload(const TimelineEntry& entry)
{
    BalancerTier& tier = m_tiers[entry.intervention.balancer];
    if (entry.changed)
        tier.spec = afterReload(entry, *m_scenario, m_scenario->lanes[raw(m_lane)]);
    const auto again = static_cast<std::uint64_t>(++tier.reloads) << 32U;
    for (int number = 0; number < tier.spec.count; ++number) {
        VirtualBalancer& balancer = m_balancers[tier.first + number];
        for (const RequestSlot slot : balancer.dispatcher().waiting())
            stopWaiting(slot, EventKind::placesAnew);
        balancer.reload(instanceOf(tier.spec, number),
                        Chance {m_chance.seed + again + tier.first + number});
        balancer.readConfiguration(wall());
    }
    m_looksAtSource = m_looksAtSource || m_balancers[tier.first].dispatcher().looksAtSource();
}

// Its connections are gone, to clients as well as to servers.
void VirtualWorld::restart(std::uint8_t place)
{
    BalancerTier& tier = m_tiers[place];
    const auto again = static_cast<std::uint64_t>(++tier.reloads) << 32U;
    for (int number = 0; number < tier.spec.count; ++number) {
        VirtualBalancer& balancer = m_balancers[tier.first + number];
        std::vector<RequestSlot> waiting = balancer.dispatcher().waiting();
        const auto& lost = balancer.dispatcher().lost();
        waiting.insert(waiting.end(), lost.begin(), lost.end());
        for (const RequestSlot slot : waiting) {
            m_requests[slot].status = 0;
            stopWaiting(slot, EventKind::givesUp);
        }
        balancer.restart(instanceOf(tier.spec, number),
                         Chance {m_chance.seed + again + tier.first + number});
        balancer.readConfiguration(wall());
    }
    for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
        VirtualClient& client = m_clients[index];
        client.lineLeft = 0;
        if (client.connected && goesThrough(client.handshake, place))
            closeConnection(static_cast<ClientIndex>(index), 1006);
    }
    // What is under way is served for nothing: its client sees the connection break.
    for (RequestSlot slot = 0; slot < m_requests.size(); ++slot) {
        if (m_requests[slot].underWay && goesThrough(slot, place))
            m_requests[slot].cut = true;
    }
}

bool VirtualWorld::goesThrough(RequestSlot slot, std::uint8_t tier) const
{
    if (m_tierOf[m_requests[slot].balancer] == tier)
        return true;
    return slot < m_visits.size()
        && std::any_of(m_visits[slot].begin(), m_visits[slot].end(),
                       [&](const VirtualVisit& visit) { return m_tierOf[visit.balancer] == tier; });
}

} // namespace stickyscope
