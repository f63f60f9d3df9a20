// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/keyed_queue.h"

#include <vector>

namespace stickyscope {

namespace {

// HAProxy 2.6, src/lb_fwlc.c: servers sorted by (in flight + 1) / weight, an idle one by 0; a
// server is put behind its equals whenever its key changes. Bound requests count.
class FastWeightedLeastConnections final : public CloneablePolicy<FastWeightedLeastConnections>
{
public:
    explicit FastWeightedLeastConnections(const ReplicaSet& replicas) { topologyChanged(replicas); }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        std::optional<ReplicaIndex> avoided;
        for (const KeyedQueue::Entry& entry : m_queue) {
            if (pick.replicas[entry.replica].full)
                continue;
            if (entry.replica != pick.avoid)
                return entry.replica;
            avoided = entry.replica;
        }
        return avoided;
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { count(replica, 1); }
    void released(const Ended& ended) override { count(ended.replica, -1); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_servers.resize(replicas.size());
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            Server& server = m_servers[place];
            const auto weight = static_cast<std::uint64_t>(replicas[index].weight);
            const bool usable = replicas[index].isThere();
            if (usable == server.queued && weight == server.weight)
                continue;
            // With a new weight as well it is put behind its equals (fwlc_update_server_weight).
            if (server.queued)
                m_queue.remove(index);
            server.weight = weight;
            server.queued = usable;
            if (usable)
                m_queue.insert(server.key(), index);
        }
    }

private:
    struct Server
    {
        std::uint64_t inFlight = 0;
        std::uint64_t weight = 1;
        bool queued = false;

        std::uint64_t key() const
        {
            constexpr std::uint64_t largestWeight = 256;
            return inFlight > 0 && weight > 0 ? (inFlight + 1) * largestWeight / weight : 0;
        }
    };

    void count(ReplicaIndex replica, int change)
    {
        Server& server = m_servers[raw(replica)];
        const std::uint64_t before = server.key();
        server.inFlight += static_cast<std::uint64_t>(change);
        if (!server.queued || server.key() == before)
            return;
        m_queue.remove(replica);
        m_queue.insert(server.key(), replica);
    }

    std::vector<Server> m_servers;
    KeyedQueue m_queue;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeFastWeightedLeastConnections(const ReplicaSet& replicas,
                                                                  const Chance&, const Settings&)
{
    return std::make_unique<FastWeightedLeastConnections>(replicas);
}

} // namespace stickyscope
