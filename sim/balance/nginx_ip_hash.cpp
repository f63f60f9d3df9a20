// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/hashes.h"
#include "sim/balance/nginx_fallback.h"

namespace stickyscope {

namespace {

// nginx: ngx_http_upstream_ip_hash_module.c. Of an IPv4 address only the first three octets
// count, so a whole /24 goes to one server; of an IPv6 address all. A client without an address
// counts as 0.0.0. A miss hashes on from where the hash stands.
class NginxIpHash final : public CloneablePolicy<NginxIpHash>
{
public:
    explicit NginxIpHash(const ReplicaSet& replicas)
        : m_servers(replicas)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (pick.replicas.takingFresh() == 0)
            return std::nullopt;
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        AddressBytes address = addressBytes(pick.key).value_or(AddressBytes {{}, 4});
        if (address.size == 4)
            address.size = 3;
        std::uint64_t hash = 89;
        for (int misses = 0; misses <= NginxFallback::forgiven; ++misses) {
            for (std::size_t place = 0; place < address.size; ++place)
                hash = (hash * 113 + address.bytes[place]) % 6271;
            const ReplicaIndex aimed = m_servers.aimedAt(hash);
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

std::unique_ptr<BalancingPolicy> makeNginxIpHash(const ReplicaSet& replicas, const Chance&,
                                                 const Settings&)
{
    return std::make_unique<NginxIpHash>(replicas);
}

} // namespace stickyscope
