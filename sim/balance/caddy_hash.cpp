// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/candidates.h"
#include "sim/balance/hashes.h"
#include "sim/balance/server_address.h"

namespace stickyscope {

namespace {

// Rendezvous hashing, selectionpolicies.go, hostByHashing(): the upstream with the highest hash
// wins; weights do not count. Caddy 2.6.2, measured: FNV-1a of key and address. Since 2.7:
// xxHash64 of address and key.
std::uint64_t fnvScore(std::string_view key, std::string_view address)
{
    return fnv1a32(address, fnv1a32(key));
}

std::uint64_t xxHashScore(std::string_view key, std::string_view address)
{
    return xxHash64(address, key);
}

using Score = std::uint64_t (*)(std::string_view key, std::string_view address);

class CaddyHash final : public CloneablePolicy<CaddyHash>
{
public:
    CaddyHash(const ReplicaSet& replicas, Score score)
        : m_candidates(replicas)
        , m_score(score)
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        // What `header`, `query` and `cookie` fall back to.
        if (pick.key.empty())
            return m_candidates.draw(pick.draw, pick.avoid);
        std::optional<ReplicaIndex> best;
        std::uint64_t highest = 0;
        const bool onlyOne = m_candidates.size() == 1;
        for (std::size_t place = 0; place < m_candidates.size(); ++place) {
            const ReplicaIndex upstream = m_candidates[place];
            if (upstream == pick.avoid && !onlyOne)
                continue;
            const std::uint64_t hash = m_score(pick.key, serverAddress(pick.replicas[upstream]));
            if (!best || hash > highest) {
                best = upstream;
                highest = hash;
            }
        }
        return best;
    }

    void topologyChanged(const ReplicaSet& replicas) override { m_candidates.update(replicas); }

private:
    Candidates m_candidates;
    Score m_score;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeCaddyHash(const ReplicaSet& replicas, const Chance&,
                                               const Settings& settings)
{
    const bool current = settings.text("version") == "current";
    return std::make_unique<CaddyHash>(replicas, current ? xxHashScore : fnvScore);
}

std::unique_ptr<BalancingPolicy> makeCaddyXxHash(const ReplicaSet& replicas, const Chance&,
                                                 const Settings&)
{
    return std::make_unique<CaddyHash>(replicas, xxHashScore);
}

} // namespace stickyscope
