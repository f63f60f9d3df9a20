// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The balancers behind the doors: which of them has a request, and which replica it leads to.
#include "sim/http/url.h"
#include "sim/lab/proxy_core.h"
#include "sim/model/balancer_instances.h"

namespace stickyscope::lab {

int ProxyCore::drawn(const ProxyTier& tier, const NumberedRequest& request) const
{
    return drawnInstance(tier.spec(), Chance {m_settings.seed}, request.client, request.ordinal,
                         tier.place());
}

std::uint8_t ProxyCore::entryOf(const http::RequestHead& head) const
{
    if (!m_settings.route)
        return 0;
    const std::string* field = head.fields.find("Host");
    const auto url = http::parseUrl("http://" + (field ? *field : std::string("localhost")));
    return static_cast<std::uint8_t>(
        m_settings.route(url ? url->host : std::string(), head.target));
}

BalancerInstance& ProxyCore::balancerFor(ProxyDoor door, const http::RequestHead& head,
                                         const std::string& requestId, std::uint32_t connection)
{
    ProxyTier& tier = *m_tiers[door.tier != 0 ? door.tier : entryOf(head)];
    const auto ours = whose ? whose(requestId) : std::nullopt;
    return tier.instance(drawn(tier, ours.value_or(NumberedRequest {noClient, connection})));
}

BalancerProxy::Way ProxyCore::wayOf(const NumberedRequest& request,
                                    BalancerProxy::Asked asked) const
{
    std::uint8_t place = entryOf(asked.head);
    int number = drawn(*m_tiers[place], request);
    BalancerProxy::Way way {.balancer = m_tiers[place]->first() + number};
    while (true) {
        ProxyTier& tier = *m_tiers[place];
        const Dispatcher& dispatcher = tier.instance(number).dispatcher();
        const ReplicaIndex server =
            dispatcher.recall({asked.head, wall(), asked.secure, asked.source}).names;
        way.named = tier.replicaOf(server);
        if (way.named != noReplica || server == noReplica)
            return way;
        dispatcher.forward(asked.head);
        place = tier.members()[raw(server)].tier;
        number = drawn(*m_tiers[place], request);
    }
}

// Of those side by side one may know a cookie that the others do not.
std::vector<HeldCookie> ProxyCore::heldBy(const BalancerProxy::Asked& asked) const
{
    std::vector<HeldCookie> all;
    for (const auto& tier : m_tiers) {
        const auto first = static_cast<std::uint8_t>(tier->first());
        for (int number = 0; tier->spec().sticky && number < tier->spec().count; ++number) {
            const ReplicaIndex server =
                tier->instance(number)
                    .dispatcher()
                    .recall({asked.head, wall(), asked.secure, asked.source})
                    .names;
            if (server == noReplica)
                continue;
            const TierMember& member = tier->members()[raw(server)];
            const int behind =
                member.replica == noReplica ? m_tiers[member.tier]->first() : noBalancer;
            all.push_back({first, member.replica, static_cast<std::uint8_t>(behind)});
            break;
        }
    }
    return all;
}

void ProxyCore::forEachInstance(const Action& act) const
{
    for (const auto& tier : m_tiers)
        tier->forEachInstance(act);
}

void ProxyCore::forEachServer(ReplicaIndex replica, const ServerAction& act) const
{
    for (const auto& tier : m_tiers) {
        const ReplicaIndex server = tier->serverOf(replica);
        if (server != noReplica)
            tier->forEachInstance([&](BalancerInstance& one) { act(one, server); });
    }
}

ReplicaIndex ProxyCore::add(const Backend& backend)
{
    const auto replica = static_cast<ReplicaIndex>(m_replicas++);
    for (const auto& tier : m_tiers)
        tier->add(backend, replica);
    return replica;
}

void ProxyCore::leadToDoor(std::uint8_t place, std::uint16_t port)
{
    for (const auto& tier : m_tiers) {
        for (std::size_t server = 0; server < tier->members().size(); ++server) {
            const TierMember& member = tier->members()[server];
            if (member.replica == noReplica && member.tier == place)
                tier->forEachInstance([&](BalancerInstance& one) {
                    one.pool(static_cast<ReplicaIndex>(server))
                        .leadTo(QHostAddress(QHostAddress::LocalHost), port);
                });
        }
    }
}

// Balancers in front of others reach them as they reach replicas, by a connection.
std::string ProxyCore::openInnerDoors()
{
    for (std::size_t index = 1; index < m_tiers.size(); ++index) {
        const auto place = static_cast<std::uint8_t>(index);
        auto door = listener({.tier = place});
        if (auto error = door->open(QHostAddress(QHostAddress::LocalHost), 0); !error.empty())
            return error;
        leadToDoor(place, door->port());
        m_innerListeners.push_back(std::move(door));
    }
    return {};
}

void ProxyCore::record(ProxyRecord record, ProxyDoor door)
{
    if (m_tiers.size() > 1)
        m_inner.joinTo(record);
    if (door.tier != 0)
        return m_inner.keep(std::move(record));
    if (log)
        log(record);
}

} // namespace stickyscope::lab
