// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/least_in_flight.h"

namespace stickyscope {

namespace {

// Caddy's least_conn (selectionpolicies.go) and, as far as AWS says, its least outstanding
// requests: weights do not count, any of the equals is as likely.
class LeastConnections final : public CloneablePolicy<LeastConnections>
{
public:
    explicit LeastConnections(const ReplicaSet& replicas)
        : m_servers(replicas)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        return m_servers.draw(pick.draw, pick.avoid);
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_servers.assigned(replica); }
    void released(const Ended& ended) override { m_servers.released(ended.replica); }
    void topologyChanged(const ReplicaSet& replicas) override { m_servers.update(replicas); }

private:
    LeastInFlight m_servers;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeLeastConnections(const ReplicaSet& replicas, const Chance&,
                                                      const Settings&)
{
    return std::make_unique<LeastConnections>(replicas);
}

} // namespace stickyscope
