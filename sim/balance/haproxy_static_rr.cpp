// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/haproxy_map.h"

namespace stickyscope {

namespace {

// HAProxy 2.6, src/lb_map.c, map_get_server_rr(): goes through the map, and begins it again where
// it has become shorter. 3/2/1 gives aababc, where `roundrobin` gives abacab.
class HaproxyStaticRoundRobin final : public CloneablePolicy<HaproxyStaticRoundRobin>
{
public:
    explicit HaproxyStaticRoundRobin(const ReplicaSet& replicas)
        : m_map(replicas)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const auto& servers = m_map.places();
        if (servers.empty())
            return std::nullopt;
        std::optional<ReplicaIndex> avoided;
        for (std::size_t step = 0; step < servers.size(); ++step) {
            if (m_next >= servers.size())
                m_next = 0;
            const ReplicaIndex server = servers[m_next++];
            if (pick.replicas[server].full)
                continue;
            if (server != pick.avoid)
                return server;
            avoided = server;
        }
        return avoided;
    }

    void topologyChanged(const ReplicaSet& replicas) override { m_map.update(replicas); }

private:
    HaproxyMap m_map;
    std::size_t m_next = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeHaproxyStaticRoundRobin(const ReplicaSet& replicas,
                                                             const Chance&, const Settings&)
{
    return std::make_unique<HaproxyStaticRoundRobin>(replicas);
}

} // namespace stickyscope
