// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/ketama.h"
#include "sim/balance/nginx_fallback.h"
#include "sim/balance/server_address.h"

namespace stickyscope {

namespace {

// nginx: ngx_http_upstream_hash_module.c, `hash KEY consistent`. All servers stand on the ring,
// whether they are up or not; a key goes to the first point at or after its CRC, and on from
// there while the point's server takes nothing.
class NginxHashConsistent final : public CloneablePolicy<NginxHashConsistent>
{
public:
    explicit NginxHashConsistent(const ReplicaSet& replicas)
        : m_servers(replicas)
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (pick.replicas.takingFresh() == 0)
            return std::nullopt;
        // Nothing to hash: measured on 1.22.1.
        if (pick.key.empty())
            return m_servers.roundRobin(pick);
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        std::size_t place = m_ring->atOrAfter(crc32(pick.key));
        while (!eligible(pick, (*m_ring)[place].replica, onlyOne))
            place = m_ring->next(place);
        return (*m_ring)[place].replica;
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_servers.update(replicas);
        std::vector<int> weights;
        for (const ReplicaView& replica : replicas)
            weights.push_back(replica.weight);
        if (m_ring && weights == m_weights)
            return;
        m_weights = std::move(weights);
        auto ring = std::make_shared<HashRing<std::uint32_t>>();
        for (std::size_t place = 0; place < replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            addKetamaPoints(*ring, index, baseOf(serverAddress(replicas[index])), m_weights[place]);
        }
        ring->sort();
        m_ring = std::move(ring);
    }

private:
    // Of the host, a zero byte and the port.
    static std::uint32_t baseOf(std::string_view address)
    {
        const std::size_t colon = address.rfind(':');
        const bool hasPort = colon != std::string_view::npos
            && address.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
        const std::uint32_t host =
            crc32({"\0", 1}, crc32(address.substr(0, hasPort ? colon : address.size())));
        return hasPort ? crc32(address.substr(colon + 1), host) : host;
    }

    NginxFallback m_servers; ///< for requests without a key
    std::vector<int> m_weights;
    std::shared_ptr<const HashRing<std::uint32_t>> m_ring; ///< shared by clones
};

} // namespace

std::unique_ptr<BalancingPolicy> makeNginxHashConsistent(const ReplicaSet& replicas, const Chance&,
                                                         const Settings&)
{
    return std::make_unique<NginxHashConsistent>(replicas);
}

} // namespace stickyscope
