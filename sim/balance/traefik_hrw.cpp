// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/hashes.h"

#include <cmath>
#include <vector>

namespace stickyscope {

namespace {

// Traefik 3.6, pkg/server/service/loadbalancer/hrw/hrw.go: weighted rendezvous. Each server's
// score is its weight over minus the logarithm of FNV-1a(client's address, server's URL) as a
// part of 2^64; the highest wins, the first among equals.
class TraefikHrw final : public CloneablePolicy<TraefikHrw>
{
public:
    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        const std::uint64_t source = fnv1a64(pick.key);
        std::optional<ReplicaIndex> best;
        double highest = 0;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!eligible(pick, index, left == 1))
                continue;
            const ReplicaView& replica = pick.replicas[index];
            const double part = static_cast<double>(fnv1a64(replica.url, source)) / 0x1p64;
            const double score = 1.0 / -std::log(part) * replica.weight;
            if (!best || score > highest) {
                best = index;
                highest = score;
            }
        }
        return best;
    }
};

} // namespace

std::unique_ptr<BalancingPolicy> makeTraefikHrw(const ReplicaSet&, const Chance&, const Settings&)
{
    return std::make_unique<TraefikHrw>();
}

} // namespace stickyscope
