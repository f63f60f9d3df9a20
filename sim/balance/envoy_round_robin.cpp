// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/envoy_scheduled.h"

namespace stickyscope {

namespace {

// Envoy 1.40, round_robin_lb.h: with equal weights a counter over the healthy hosts, which starts
// anywhere; with unequal ones the EDF scheduler. 5/1/1 gives aaaaabc, in turn, not mixed evenly.
class EnvoyRoundRobin final : public CloneablePolicy<EnvoyRoundRobin>
{
public:
    EnvoyRoundRobin(const ReplicaSet& replicas, const Chance& chance)
        : m_hosts(replicas, chance)
        , m_next(m_hosts.seed())
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const Candidates& hosts = m_hosts.candidates();
        if (hosts.size() == 0)
            return std::nullopt;
        if (m_hosts.scheduled())
            return m_hosts.next([this](ReplicaIndex host) { return weight(host); }, pick.avoid);
        ReplicaIndex host = hosts[m_next++ % hosts.size()];
        if (host == pick.avoid)
            host = hosts[m_next++ % hosts.size()];
        return host;
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_hosts.update(replicas, [this](ReplicaIndex host) { return weight(host); });
    }

private:
    double weight(ReplicaIndex host) const { return m_hosts.weight(host); }

    EnvoyScheduled m_hosts;
    std::uint64_t m_next;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeEnvoyRoundRobin(const ReplicaSet& replicas,
                                                     const Chance& chance, const Settings&)
{
    return std::make_unique<EnvoyRoundRobin>(replicas, chance);
}

} // namespace stickyscope
