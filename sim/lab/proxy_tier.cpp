// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/proxy_tier.h"

#include "sim/model/balancer_servers.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

// As good as for ever.
constexpr std::chrono::hours forEver {24 * 365};

} // namespace

ProxyTier::ProxyTier(const ProxySettings& settings, Place place,
                     const std::vector<Backend>& replicas, ProxyCore& core)
    : m_settings(settings)
    , m_place(place)
    , m_spec(settings.tier(place.number))
    , m_limits(settings.limits)
{
    std::vector<Backend> servers;
    for (std::size_t replica = 0; replica < replicas.size(); ++replica) {
        if (!isServer(m_spec, replicas[replica].view.name))
            continue;
        servers.push_back(replicas[replica]);
        m_members.push_back({.replica = static_cast<ReplicaIndex>(replica)});
    }
    for (std::size_t other = 1; other <= settings.behind.size(); ++other) {
        const BalancerSpec& spec = settings.behind[other - 1];
        if (m_spec.servers.empty() || !isServer(m_spec, spec.name))
            continue;
        servers.push_back({viewOfBalancer(spec, other)});
        m_members.push_back({.tier = static_cast<std::uint8_t>(other)});
    }
    for (int number = 0; number < m_spec.count; ++number)
        m_instances.push_back(
            std::make_unique<BalancerInstance>(*this, number, settings, servers, core));
    setPatience();
}

ProxyTier::~ProxyTier() = default;

void ProxyTier::setPatience()
{
    if (!m_settings.waitsAsProduct)
        return;
    const Product& product = m_instances.front()->dispatcher().product();
    const Duration patience = m_spec.answerTimeout.value_or(product.answerTimeout);
    m_limits.firstByte = patience > Duration::zero()
        ? std::chrono::ceil<std::chrono::milliseconds>(patience)
        : forEver;
}

ReplicaIndex ProxyTier::serverOf(ReplicaIndex replica) const
{
    const auto found =
        std::find_if(m_members.begin(), m_members.end(),
                     [&](const TierMember& member) { return member.replica == replica; });
    return found == m_members.end() ? noReplica
                                    : static_cast<ReplicaIndex>(found - m_members.begin());
}

void ProxyTier::forEachInstance(const Action& act) const
{
    for (const auto& instance : m_instances)
        act(*instance);
}

void ProxyTier::tellBeside(const BalancerInstance& one, const Action& tell) const
{
    if (!m_spec.sharedSessions)
        return;
    for (const auto& other : m_instances) {
        if (other.get() != &one)
            tell(*other);
    }
}

void ProxyTier::add(const Backend& backend, ReplicaIndex replica)
{
    if (!isServer(m_spec, backend.view.name))
        return;
    m_members.push_back({.replica = replica});
    forEachInstance([&](BalancerInstance& one) { one.add(backend); });
}

void ProxyTier::reload(const BalancerSpec& spec)
{
    m_spec = spec;
    forEachInstance([](BalancerInstance& one) { one.reload(); });
    setPatience();
}

void ProxyTier::restart() const
{
    forEachInstance([](BalancerInstance& one) { one.restart(); });
}

} // namespace stickyscope::lab
