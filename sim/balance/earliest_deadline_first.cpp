// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace stickyscope {

namespace {

// Traefik 3, pkg/server/service/loadbalancer/wrr: a heap ordered by deadline alone. Servers with
// equal deadlines come in the order that Go's container/heap leaves them in, so its two sifting
// rules are followed here move for move: three equal servers give abc bca cab.
class EarliestDeadlineFirst final : public CloneablePolicy<EarliestDeadlineFirst>
{
public:
    EarliestDeadlineFirst(const ReplicaSet& replicas, const Chance& chance)
    {
        std::vector<ReplicaIndex> order(replicas.size());
        for (std::size_t index = 0; index < order.size(); ++index)
            order[index] = static_cast<ReplicaIndex>(index);
        // Traefik shuffles its servers whenever it reads its configuration.
        Draw draw = chance.draw(noClient, 0, Purpose::balancerStart);
        for (std::size_t left = order.size(); left > 1; --left) {
            const auto other = draw.below(static_cast<std::uint32_t>(left));
            std::swap(order[left - 1], order[other]);
        }
        for (const ReplicaIndex index : order)
            add(index, replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (pick.replicas.takingFresh() == 0)
            return std::nullopt;
        while (true) {
            Entry entry = pop();
            m_deadline = entry.deadline;
            // Servers that are down or fenced advance as well.
            entry.deadline += 1 / entry.weight;
            push(entry);
            const bool onlyOne = pick.replicas.takingFresh() == 1;
            if (pick.replicas[entry.replica].takesFresh()
                && (entry.replica != pick.avoid || onlyOne))
                return entry.replica;
        }
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        for (std::size_t index = m_known; index < replicas.size(); ++index)
            add(static_cast<ReplicaIndex>(index), replicas);
    }

private:
    struct Entry
    {
        double deadline = 0;
        double weight = 1;
        ReplicaIndex replica = noReplica;
    };

    void add(ReplicaIndex index, const ReplicaSet& replicas)
    {
        ++m_known;
        // Weight 0 is unreachable in Traefik, with a cookie as well.
        if (const int weight = replicas[index].weight; weight > 0)
            push({m_deadline + 1.0 / weight, static_cast<double>(weight), index});
    }

    void push(const Entry& entry)
    {
        m_heap.push_back(entry);
        for (std::size_t child = m_heap.size() - 1; child > 0;) {
            const std::size_t parent = (child - 1) / 2;
            if (!(m_heap[child].deadline < m_heap[parent].deadline))
                break;
            std::swap(m_heap[parent], m_heap[child]);
            child = parent;
        }
    }

    Entry pop()
    {
        std::swap(m_heap.front(), m_heap.back());
        const Entry entry = m_heap.back();
        m_heap.pop_back();
        for (std::size_t parent = 0;;) {
            std::size_t child = 2 * parent + 1;
            if (child >= m_heap.size())
                break;
            if (child + 1 < m_heap.size() && m_heap[child + 1].deadline < m_heap[child].deadline)
                ++child;
            if (!(m_heap[child].deadline < m_heap[parent].deadline))
                break;
            std::swap(m_heap[parent], m_heap[child]);
            parent = child;
        }
        return entry;
    }

    std::vector<Entry> m_heap;
    std::size_t m_known = 0;
    double m_deadline = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeEarliestDeadlineFirst(const ReplicaSet& replicas,
                                                           const Chance& chance, const Settings&)
{
    return std::make_unique<EarliestDeadlineFirst>(replicas, chance);
}

} // namespace stickyscope
