// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/shuffled.h"

#include <algorithm>
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
        : m_queued(replicas.size(), false)
    {
        for (const ReplicaIndex index : shuffled(replicas, chance))
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

    // Traefik reads a weight only when it builds all anew. Here a changed one counts from the
    // server's next turn on, so that the others keep theirs.
    void topologyChanged(const ReplicaSet& replicas) override
    {
        for (Entry& entry : m_heap) {
            if (const int weight = replicas[entry.replica].weight; weight > 0)
                entry.weight = weight;
        }
        m_queued.resize(replicas.size(), false);
        for (std::size_t place = 0; place < m_queued.size(); ++place) {
            if (!m_queued[place])
                add(static_cast<ReplicaIndex>(place), replicas);
        }
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
        // Weight 0 is unreachable in Traefik, with a cookie as well.
        const int weight = replicas[index].weight;
        if (weight == 0)
            return;
        m_queued[raw(index)] = true;
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
    std::vector<bool> m_queued; ///< by replica: whether it is in the heap
    double m_deadline = 0;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeEarliestDeadlineFirst(const ReplicaSet& replicas,
                                                           const Chance& chance, const Settings&)
{
    return std::make_unique<EarliestDeadlineFirst>(replicas, chance);
}

} // namespace stickyscope
