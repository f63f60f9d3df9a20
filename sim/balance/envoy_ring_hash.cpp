// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/envoy_bounded_load.h"
#include "sim/balance/hash_ring.h"
#include "sim/balance/hashes.h"
#include "sim/balance/server_address.h"
#include "sim/balance/usable_weights.h"

#include <cmath>
#include <string>

namespace stickyscope {

namespace {

// Envoy 1.40, ring_hash_lb.cc: the healthy hosts stand on the ring with xxHash64("ADDRESS_N"), as
// often as their share of a size that gives the lightest a whole number of points. A key goes to
// the first point at or after its hash; without a key to a random one.
class EnvoyRingHash final : public CloneablePolicy<EnvoyRingHash>
{
public:
    EnvoyRingHash(const ReplicaSet& replicas, const Settings& settings)
        : m_least(static_cast<double>(settings.whole("minimum-ring-size", 1024)))
        , m_most(static_cast<double>(settings.whole("maximum-ring-size", 8'388'608)))
        , m_load(replicas, settings.whole("hash-balance-factor", 0))
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_ring->empty())
            return std::nullopt;
        const std::uint64_t hash = pick.key.empty() ? pick.draw() : xxHash64(pick.key, 0);
        std::size_t place = m_ring->atOrAfter(hash);
        for (std::size_t left = m_ring->size(); left > 0; --left) {
            if ((*m_ring)[place].replica != pick.avoid)
                break;
            place = m_ring->next(place);
        }
        return m_load.bounded((*m_ring)[place].replica, hash, m_weights);
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_load.assigned(replica); }
    void released(const Ended& ended) override { m_load.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_load.grow(replicas);
        if (!m_weights.update(replicas) && m_ring)
            return;
        auto ring = std::make_shared<HashRing<std::uint64_t>>();
        if (m_weights.total() > 0)
            fill(*ring, replicas);
        ring->sort();
        m_ring = std::move(ring);
    }

private:
    double share(std::size_t place) const
    {
        return m_weights[place] * 1.0 / static_cast<double>(m_weights.total());
    }

    void fill(HashRing<std::uint64_t>& ring, const ReplicaSet& replicas) const
    {
        double lightest = 1;
        for (std::size_t place = 0; place < m_weights.size(); ++place) {
            if (m_weights[place] > 0)
                lightest = std::min(lightest, share(place));
        }
        const double scale = std::min(std::ceil(lightest * m_least) / lightest, m_most);
        // Running sums, so that parts of points are not lost.
        double wanted = 0;
        std::int64_t there = 0;
        std::string key;
        for (std::size_t place = 0; place < m_weights.size(); ++place) {
            if (m_weights[place] == 0)
                continue;
            const auto index = static_cast<ReplicaIndex>(place);
            wanted += scale * share(place);
            for (int number = 0; static_cast<double>(there) < wanted; ++number, ++there) {
                key = serverAddress(replicas[index]);
                key += '_';
                key += std::to_string(number);
                ring.add(xxHash64(key, 0), index);
            }
        }
    }

    double m_least;
    double m_most;
    EnvoyBoundedLoad m_load;
    UsableWeights m_weights;
    std::shared_ptr<const HashRing<std::uint64_t>> m_ring; ///< shared by clones
};

} // namespace

std::unique_ptr<BalancingPolicy> makeEnvoyRingHash(const ReplicaSet& replicas, const Chance&,
                                                   const Settings& settings)
{
    return std::make_unique<EnvoyRingHash>(replicas, settings);
}

} // namespace stickyscope
