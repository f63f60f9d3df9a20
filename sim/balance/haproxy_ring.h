// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/hash_ring.h"
#include "sim/balance/hashes.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/usable_weights.h"

#include <memory>

namespace stickyscope {

/// HAProxy's consistent hashing (2.6, src/lb_chash.c): sixteen points for each unit of weight, by
/// a server's number in the configuration; a hash goes to the NEAREST of its two neighbours, and
/// on from there, going up, while a server is to be avoided or has more than its share.
class HaproxyRing
{
public:
    /// `balanceFactor`: hash-balance-factor in percent, 0 for no bound.
    HaproxyRing(const ReplicaSet& replicas, std::int64_t balanceFactor)
        : m_balanceFactor(balanceFactor)
    {
        update(replicas);
    }

    void update(const ReplicaSet& replicas)
    {
        if (!m_weights.update(replicas) && m_ring)
            return;
        auto ring = std::make_shared<HashRing<std::uint32_t>>();
        m_before.clear();
        std::int64_t before = 0;
        for (std::size_t place = 0; place < m_weights.size(); ++place) {
            const auto points = static_cast<std::uint32_t>(m_weights[place] * pointsEach);
            const auto number = static_cast<std::uint32_t>(place) + 1;
            for (std::uint32_t point = 0; point < points; ++point)
                ring->add(fullHash(number * weightRange + point), static_cast<ReplicaIndex>(place));
            m_before.push_back(before);
            before += points;
        }
        ring->sort();
        m_ring = std::move(ring);
    }

    bool empty() const { return m_ring->empty(); }
    int weight(ReplicaIndex replica) const { return m_weights[replica]; }

    /// The ring must not be empty.
    ReplicaIndex at(std::uint32_t hash, ReplicaIndex avoid, const InFlight& inFlight) const
    {
        const std::size_t after = m_ring->atOrAfter(hash);
        const std::size_t before = m_ring->previous(after);
        // Distances wrap round with their 32 bits.
        const bool nearerBefore = hash - (*m_ring)[before].hash <= (*m_ring)[after].hash - hash;
        std::size_t place = nearerBefore ? before : after;
        std::size_t fallback = place;
        for (std::size_t step = 0; step < m_ring->size(); ++step) {
            const ReplicaIndex server = (*m_ring)[place].replica;
            if (server != avoid && hasRoom(server, inFlight))
                return server;
            if ((*m_ring)[fallback].replica == avoid)
                fallback = place;
            place = m_ring->next(place);
        }
        return (*m_ring)[fallback].replica;
    }

    /// The server of the ring's point of this number, counted round, or of one behind it.
    ReplicaIndex pointFrom(std::size_t number, ReplicaIndex avoid) const
    {
        std::size_t place = number % m_ring->size();
        for (std::size_t step = 0; step < m_ring->size(); ++step) {
            if ((*m_ring)[place].replica != avoid)
                return (*m_ring)[place].replica;
            place = m_ring->next(place);
        }
        return avoid;
    }

private:
    static constexpr int pointsEach = 16; // BE_WEIGHT_SCALE
    static constexpr std::uint32_t weightRange = 256 * 16; // SRV_EWGHT_RANGE

    // chash_server_is_eligible(): "Consistent Hashing with Bounded Loads" (arXiv:1608.01350) with
    // weights. The requests in flight and this one, times the factor, are shared out as whole
    // slots; a server has at least one.
    bool hasRoom(ReplicaIndex replica, const InFlight& inFlight) const
    {
        if (m_balanceFactor == 0)
            return true;
        const std::int64_t slots = ((inFlight.total() + 1) * m_balanceFactor + 99) / 100;
        const auto total = static_cast<std::int64_t>(m_weights.total()) * pointsEach;
        const std::int64_t weight = std::int64_t {m_weights[replica]} * pointsEach;
        const std::int64_t before = m_before[raw(replica)];
        const std::int64_t rest = slots % total;
        const std::int64_t own =
            weight * (slots / total) + (before + weight) * rest / total - before * rest / total;
        return inFlight[replica] < std::max<std::int64_t>(own, 1);
    }

    UsableWeights m_weights;
    std::vector<std::int64_t> m_before; ///< by replica: the weight of those in front of it
    std::shared_ptr<const HashRing<std::uint32_t>> m_ring; ///< shared by clones
    std::int64_t m_balanceFactor;
};

} // namespace stickyscope
