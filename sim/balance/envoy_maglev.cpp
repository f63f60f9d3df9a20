// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/envoy_bounded_load.h"
#include "sim/balance/hashes.h"
#include "sim/balance/server_address.h"
#include "sim/balance/usable_weights.h"

#include <algorithm>

namespace stickyscope {

namespace {

// Envoy 1.40, maglev_lb.cc, after Eisenbud et al., "Maglev" (NSDI 2016), listing 1: the healthy
// hosts, sorted by address as text, take places of a table of prime size in turn, each in its own
// order; a lighter host misses turns. A key's xxHash64 modulo the size is its place.
class EnvoyMaglev final : public CloneablePolicy<EnvoyMaglev>
{
public:
    EnvoyMaglev(const ReplicaSet& replicas, const Settings& settings)
        : m_size(static_cast<std::uint64_t>(settings.whole("table-size", 65537)))
        , m_load(replicas, settings.whole("hash-balance-factor", 0))
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_table->empty())
            return std::nullopt;
        const std::uint64_t hash = pick.key.empty() ? pick.draw() : xxHash64(pick.key, 0);
        const ReplicaIndex host = (*m_table)[hash % m_size];
        const bool elsewhere = host == pick.avoid && m_weights.usable() > 1;
        return m_load.bounded(elsewhere ? another(hash, host) : host, hash, m_weights);
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_load.assigned(replica); }
    void released(const Ended& ended) override { m_load.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_load.grow(replicas);
        if (m_weights.update(replicas) || !m_table)
            m_table = std::make_shared<const std::vector<ReplicaIndex>>(build(replicas));
    }

private:
    struct Entry
    {
        std::string_view address;
        ReplicaIndex host;
        std::uint64_t offset;
        std::uint64_t skip;
        double weight;
        double target = 0;
        std::uint64_t next = 0;
    };

    // Where Envoy tries again, it turns bits of the hash (~0 - attempt + 1).
    ReplicaIndex another(std::uint64_t hash, ReplicaIndex avoid) const
    {
        for (std::uint64_t attempt = 1; attempt <= 64; ++attempt) {
            const ReplicaIndex host = (*m_table)[(hash ^ (~attempt + 1)) % m_size];
            if (host != avoid)
                return host;
        }
        std::uint64_t place = hash % m_size;
        while ((*m_table)[place] == avoid)
            place = (place + 1) % m_size;
        return (*m_table)[place];
    }

    std::vector<Entry> entries(const ReplicaSet& replicas) const
    {
        std::vector<Entry> all;
        const auto total = static_cast<double>(m_weights.total());
        for (std::size_t place = 0; place < m_weights.size(); ++place) {
            if (m_weights[place] == 0)
                continue;
            const auto index = static_cast<ReplicaIndex>(place);
            const std::string_view address = serverAddress(replicas[index]);
            all.push_back({address, index, xxHash64(address, 0) % m_size,
                           xxHash64(address, 1) % (m_size - 1) + 1, m_weights[place] / total});
        }
        std::stable_sort(all.begin(), all.end(), [](const Entry& one, const Entry& other) {
            return one.address < other.address;
        });
        return all;
    }

    std::vector<ReplicaIndex> build(const ReplicaSet& replicas) const
    {
        std::vector<Entry> hosts = entries(replicas);
        if (hosts.empty())
            return {};
        const double heaviest = m_weights.largest() / static_cast<double>(m_weights.total());
        std::vector<ReplicaIndex> table(m_size, noReplica);
        std::uint64_t filled = 0;
        for (std::uint32_t turn = 1; filled < m_size; ++turn) {
            for (Entry& host : hosts) {
                if (filled == m_size)
                    break;
                if (turn * host.weight < host.target)
                    continue;
                host.target += heaviest;
                std::uint64_t place = (host.offset + host.skip * host.next++) % m_size;
                while (table[place] != noReplica)
                    place = (host.offset + host.skip * host.next++) % m_size;
                table[place] = host.host;
                ++filled;
            }
        }
        return table;
    }

    std::uint64_t m_size;
    EnvoyBoundedLoad m_load;
    UsableWeights m_weights;
    std::shared_ptr<const std::vector<ReplicaIndex>> m_table; ///< shared by clones
};

} // namespace

std::unique_ptr<BalancingPolicy> makeEnvoyMaglev(const ReplicaSet& replicas, const Chance&,
                                                 const Settings& settings)
{
    return std::make_unique<EnvoyMaglev>(replicas, settings);
}

} // namespace stickyscope
