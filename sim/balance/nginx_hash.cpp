// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/hashes.h"
#include "sim/balance/nginx_fallback.h"

#include <charconv>

namespace stickyscope {

namespace {

// nginx: ngx_http_upstream_hash_module.c, `hash KEY`, which follows Cache::Memcached: 15 bits of
// the key's CRC, modulo all weights; after a miss those of "1KEY", "2KEY" and so on are added.
// Most keys move when a server is added.
class NginxHash final : public CloneablePolicy<NginxHash>
{
public:
    explicit NginxHash(const ReplicaSet& replicas)
        : m_servers(replicas)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (pick.replicas.takingFresh() == 0)
            return std::nullopt;
        // Nothing to hash: measured on 1.22.1.
        if (pick.key.empty())
            return m_servers.roundRobin(pick);
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        std::uint32_t sum = 0;
        for (int misses = 0; misses <= NginxFallback::forgiven; ++misses) {
            std::array<char, 4> digits {};
            const auto written = std::to_chars(digits.begin(), digits.end(), misses);
            const std::string_view prefix(digits.data(),
                                          misses == 0 ? 0 : written.ptr - digits.data());
            sum += (crc32(pick.key, crc32(prefix)) >> 16U) & 0x7fffU;
            const ReplicaIndex aimed = m_servers.aimedAt(sum);
            if (eligible(pick, aimed, onlyOne))
                return aimed;
        }
        return m_servers.roundRobin(pick);
    }

    void topologyChanged(const ReplicaSet& replicas) override { m_servers.update(replicas); }

private:
    NginxFallback m_servers;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeNginxHash(const ReplicaSet& replicas, const Chance&,
                                               const Settings&)
{
    return std::make_unique<NginxHash>(replicas);
}

} // namespace stickyscope
