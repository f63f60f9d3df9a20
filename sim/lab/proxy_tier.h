// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_instance.h"
#include "sim/model/tier_member.h"

#include <memory>
#include <vector>

namespace stickyscope::lab {

/// One balancer of a lane, or several of the same kind side by side. Its servers are replicas, or
/// further tiers, which it reaches by a door of theirs; it numbers them itself.
class ProxyTier
{
public:
    struct Place
    {
        std::uint8_t number = 0; ///< among the lane's tiers
        int first = 0; ///< of its balancers, among all
    };

    ProxyTier(const ProxySettings& settings, Place place, const std::vector<Backend>& replicas,
              ProxyCore& core);
    ProxyTier(const ProxyTier&) = delete;
    ProxyTier& operator=(const ProxyTier&) = delete;
    ~ProxyTier();

    std::uint8_t place() const { return m_place.number; }
    int first() const { return m_place.first; }
    const BalancerSpec& spec() const { return m_spec; }
    const ProxyLimits& limits() const { return m_limits; }
    const std::vector<TierMember>& members() const { return m_members; }
    /// noReplica where a tier is behind the number.
    ReplicaIndex replicaOf(ReplicaIndex server) const
    {
        return server == noReplica ? noReplica : m_members[raw(server)].replica;
    }
    /// noReplica where it is none of its servers.
    ReplicaIndex serverOf(ReplicaIndex replica) const;

    BalancerInstance& instance(int number)
    {
        return *m_instances[static_cast<std::size_t>(number)];
    }
    using Action = std::function<void(BalancerInstance&)>;
    void forEachInstance(const Action& act) const;
    /// Those beside this one, where they share what they know of sessions.
    void tellBeside(const BalancerInstance& one, const Action& tell) const;

    /// The replica is there from now on, if it is a server of this tier at all.
    void add(const Backend& backend, ReplicaIndex replica);
    void reload(const BalancerSpec& spec);
    void restart() const;

private:
    void setPatience();

    const ProxySettings& m_settings;
    Place m_place;
    BalancerSpec m_spec;
    ProxyLimits m_limits; ///< with the patience of its product
    std::vector<TierMember> m_members;
    std::vector<std::unique_ptr<BalancerInstance>> m_instances; ///< one at least
};

} // namespace stickyscope::lab
