// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/ketama.h"
#include "sim/balance/server_address.h"
#include "sim/balance/usable_weights.h"

namespace stickyscope {

namespace {

// ingress-nginx (`upstream-hash-by`, and cookies in the mode "balanced") with lua-resty-balancer's
// chash.lua: 160 points for each endpoint that is ready, whatever its weight; a key goes to the
// last point at or BEFORE its CRC. The base of a server's points is a finished CRC, not one that
// goes on, so the points differ from nginx's.
class IngressNginxChash final : public CloneablePolicy<IngressNginxChash>
{
public:
    explicit IngressNginxChash(const ReplicaSet& replicas) { topologyChanged(replicas); }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_ring->empty())
            return std::nullopt;
        std::size_t place = m_ring->atOrBefore(crc32(pick.key));
        for (std::size_t left = m_ring->size(); left > 0; --left) {
            if ((*m_ring)[place].replica != pick.avoid)
                break;
            place = m_ring->previous(place);
        }
        return (*m_ring)[place].replica;
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        if (!m_weights.update(replicas) && m_ring)
            return;
        auto ring = std::make_shared<HashRing<std::uint32_t>>();
        for (std::size_t place = 0; place < m_weights.size(); ++place) {
            if (m_weights[place] == 0)
                continue;
            const auto index = static_cast<ReplicaIndex>(place);
            addKetamaPoints(*ring, index, ~crc32(serverAddress(replicas[index])), 1);
        }
        ring->sort();
        m_ring = std::move(ring);
    }

private:
    UsableWeights m_weights;
    std::shared_ptr<const HashRing<std::uint32_t>> m_ring; ///< shared by clones
};

} // namespace

std::unique_ptr<BalancingPolicy> makeIngressNginxChash(const ReplicaSet& replicas, const Chance&,
                                                       const Settings&)
{
    return std::make_unique<IngressNginxChash>(replicas);
}

} // namespace stickyscope
