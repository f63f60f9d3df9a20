// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/keyed_queue.h"

#include <algorithm>
#include <vector>

namespace stickyscope {

namespace {

// HAProxy 2.6, src/lb_fwrr.c. Servers stand on a line of positions; each pick moves the line on
// by one and its server by total / weight. Servers that were never picked wait in "init", the
// heaviest first; those that would land beyond the next round wait in "next".
class FastWeightedRoundRobin final : public CloneablePolicy<FastWeightedRoundRobin>
{
public:
    explicit FastWeightedRoundRobin(const ReplicaSet& replicas)
    {
        grow(replicas);
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!replicas[index].isThere())
                continue;
            m_servers[place].usable = true;
            m_nextWeight += m_servers[place].weight;
            m_init.insert(largest - m_servers[place].weight, index);
        }
        m_position = m_weight = m_nextWeight;
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_nextWeight == 0)
            return std::nullopt;
        if (m_weight == 0)
            m_position = m_weight = m_nextWeight;
        bool switched = false;
        std::optional<ReplicaIndex> chosen;
        std::optional<ReplicaIndex> avoided;
        m_passedOver.clear();
        while (!chosen) {
            const auto server = take(switched);
            if (!server)
                break;
            const bool avoids = *server == pick.avoid && !avoided;
            if (avoids)
                avoided = server;
            if (avoids || pick.replicas[*server].full)
                m_passedOver.push_back(*server);
            else
                chosen = server;
        }
        if (!chosen)
            chosen = avoided && !pick.replicas[*avoided].full ? avoided : std::nullopt;
        if (chosen)
            queue(*chosen);
        putBack(chosen, switched);
        return chosen;
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        grow(replicas);
        for (std::size_t place = 0; place < m_servers.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            Server& server = m_servers[place];
            const bool usable = replicas[index].isThere();
            const std::uint64_t weight = weightOf(replicas[index]);
            if (server.usable && usable && weight != server.weight)
                weighs(index, weight);
            if (server.usable && !usable)
                wentDown(index);
            server.weight = weight;
            if (!server.usable && usable)
                cameUp(index);
            server.usable = usable;
        }
    }

private:
    // Weights are kept in sixteenths (BE_WEIGHT_SCALE).
    static constexpr std::uint64_t scale = 16;
    static constexpr std::uint64_t largest = 256 * scale;

    enum class Queue : std::uint8_t
    {
        current,
        init,
        later
    };

    struct Server
    {
        std::uint64_t weight = scale;
        std::uint64_t last = 0; ///< position of its last turn
        std::uint64_t next = 0; ///< position of its next turn; 0: never had one
        std::uint64_t rest = 0; ///< what total / weight leaves over
        Queue queue = Queue::init; ///< where it stands, if it is usable
        bool usable = false;
    };

    static std::uint64_t weightOf(const ReplicaView& replica)
    {
        return static_cast<std::uint64_t>(replica.weight) * scale;
    }

    void grow(const ReplicaSet& replicas)
    {
        while (m_servers.size() < replicas.size()) {
            const auto index = static_cast<ReplicaIndex>(m_servers.size());
            m_servers.push_back({.weight = weightOf(replicas[index])});
        }
    }

    void wentDown(ReplicaIndex index)
    {
        m_nextWeight -= m_servers[raw(index)].weight;
        dequeue(index);
    }

    void dequeue(ReplicaIndex index)
    {
        for (KeyedQueue* queue : {&m_current, &m_init, &m_later})
            queue->remove(index);
    }

    // fwrr_update_server_weight(): its next turn is moved nearer where the new weight says so,
    // never away.
    void weighs(ReplicaIndex index, std::uint64_t weight)
    {
        Server& server = m_servers[raw(index)];
        m_nextWeight += weight - server.weight;
        server.weight = weight;
        dequeue(index);
        if (server.queue == Queue::init) {
            m_init.insert(largest - weight, index);
            return;
        }
        if (server.queue == Queue::later)
            server.next += m_weight;
        const std::uint64_t step = m_nextWeight / weight;
        server.next = std::min(server.last + step, server.next);
        if (server.next < m_position + 2)
            server.next = m_position + step;
        server.rest = 0;
        queue(index);
    }

    void cameUp(ReplicaIndex index)
    {
        Server& server = m_servers[raw(index)];
        m_nextWeight += server.weight;
        server.next = m_position + (m_nextWeight + m_weight - m_position) / server.weight;
        server.rest = 0;
        queue(index);
    }

    // The server whose turn it is, taken out and moved on; the trees change over once at most.
    std::optional<ReplicaIndex> take(bool& switched)
    {
        if (m_current.empty() && m_init.empty()) {
            if (switched)
                return std::nullopt;
            switched = true;
            m_init.swap(m_later);
            for (const KeyedQueue::Entry& entry : m_init)
                m_servers[raw(entry.replica)].queue = Queue::init;
            m_position = m_weight = m_nextWeight;
            if (m_init.empty())
                return std::nullopt;
        }
        const bool hole = m_current.empty() || m_servers[raw(m_current.first())].next > m_position;
        const bool fromInit = hole && !m_init.empty();
        KeyedQueue& from = fromInit ? m_init : m_current;
        const ReplicaIndex index = from.first();
        from.remove(index);
        Server& server = m_servers[raw(index)];
        if (fromInit) {
            server.next = m_position;
            server.rest = 0;
        }
        server.last = server.next;
        server.next += m_nextWeight / server.weight;
        server.rest += m_nextWeight % server.weight;
        if (server.rest >= server.weight) {
            server.rest -= server.weight;
            ++server.next;
        }
        ++m_position;
        return index;
    }

    void queue(ReplicaIndex index)
    {
        Server& server = m_servers[raw(index)];
        if (server.next >= 2 * m_weight || server.next >= m_weight + m_nextWeight) {
            server.next -= m_weight;
            server.queue = Queue::later;
            m_later.insert(largest - server.weight, index);
        } else {
            server.queue = Queue::current;
            m_current.insert(256 * server.next + (largest + server.rest - server.weight) / scale,
                             index);
        }
    }

    // Those that were passed over, the latest first: to their places, which are lost where the
    // trees have changed over meanwhile.
    void putBack(std::optional<ReplicaIndex> chosen, bool switched)
    {
        std::for_each(m_passedOver.rbegin(), m_passedOver.rend(), [&](ReplicaIndex server) {
            if (chosen == server)
                return;
            if (!switched)
                return queue(server);
            m_servers[raw(server)].queue = Queue::init;
            m_init.insert(largest - m_servers[raw(server)].weight, server);
        });
    }

    std::vector<Server> m_servers;
    std::vector<ReplicaIndex> m_passedOver; ///< by the pick under way
    KeyedQueue m_current;
    KeyedQueue m_init;
    KeyedQueue m_later;
    std::uint64_t m_weight = 0;
    std::uint64_t m_nextWeight = 0;
    std::uint64_t m_position = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeFastWeightedRoundRobin(const ReplicaSet& replicas,
                                                            const Chance&, const Settings&)
{
    return std::make_unique<FastWeightedRoundRobin>(replicas);
}

} // namespace stickyscope
