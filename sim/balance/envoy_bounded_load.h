// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/in_flight.h"
#include "sim/balance/usable_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace stickyscope {

/// hash_balance_factor of Envoy's ring_hash and maglev: no host has more than so many hundredths of
/// its share of the requests in flight; one beyond goes to another, which the key's hash draws
/// (thread_aware_lb_impl.cc, BoundedLoadHashingLoadBalancer).
class EnvoyBoundedLoad
{
public:
    EnvoyBoundedLoad(const ReplicaSet& replicas, std::int64_t factor)
        : m_active(replicas)
        , m_factor(factor)
    {
    }

    void assigned(ReplicaIndex replica) { m_active.assigned(replica); }
    void released(ReplicaIndex replica) { m_active.released(replica); }
    void grow(const ReplicaSet& replicas) { m_active.grow(replicas); }

    /// Where the request goes that hashing would give to `host`.
    ReplicaIndex bounded(ReplicaIndex host, std::uint64_t hash, const UsableWeights& weights) const
    {
        if (m_factor == 0)
            return host;
        double least = overload(host, weights);
        if (least <= 1)
            return host;
        std::vector<ReplicaIndex> hosts;
        for (std::size_t place = 0; place < weights.size(); ++place) {
            if (weights[place] > 0)
                hosts.push_back(static_cast<ReplicaIndex>(place));
        }
        // The same key gets the same hosts in the same order.
        std::mt19937 random(static_cast<std::uint32_t>(hash));
        ReplicaIndex best = host;
        for (std::size_t place = 0; place < hosts.size(); ++place) {
            const auto further = below(random, static_cast<std::uint32_t>(hosts.size() - place));
            std::swap(hosts[place], hosts[place + further]);
            if (hosts[place] == host)
                continue;
            const double load = overload(hosts[place], weights);
            if (load <= 1)
                return hosts[place];
            if (load < least) {
                least = load;
                best = hosts[place];
            }
        }
        return best;
    }

private:
    static std::uint32_t below(std::mt19937& random, std::uint32_t bound)
    {
        constexpr std::uint64_t numbers = 1ULL << 32U;
        std::uint64_t drawn = bound;
        while (drawn >= bound)
            drawn = random() / (numbers / bound);
        return static_cast<std::uint32_t>(drawn);
    }

    double overload(ReplicaIndex host, const UsableWeights& weights) const
    {
        const std::int64_t all = ((m_active.total() + 1) * m_factor + 99) / 100;
        const double share = weights[raw(host)] / static_cast<double>(weights.total());
        const double slots = std::max(std::ceil(static_cast<double>(all) * share), 1.0);
        return static_cast<double>(m_active[host]) / slots;
    }

    InFlight m_active;
    std::int64_t m_factor;
};

} // namespace stickyscope
