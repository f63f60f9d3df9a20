// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/two_of.h"

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

// Finagle's Peak EWMA (finagle-core, loadbalancer/PeakEwma.scala) between two random choices: a
// mean response time that jumps up to a slower answer at once and fades towards faster ones,
// times the requests in flight and this one. A server that is busy and has not answered yet
// counts as very slow. Weights do not count.
class PeakEwma final : public CloneablePolicy<PeakEwma>
{
public:
    PeakEwma(const ReplicaSet& replicas, Duration decay)
        : m_candidates(replicas)
        , m_inFlight(replicas)
        , m_servers(replicas.size())
        , m_decaySeconds(inSeconds(decay))
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        m_now = std::max(m_now, pick.now);
        if (m_candidates.size() == 0)
            return std::nullopt;
        const auto [one, other] = twoOf(m_candidates, pick);
        const double load = loadOf(one);
        return loadOf(other) < load ? other : one;
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_inFlight.assigned(replica); }

    void released(const Ended& ended) override
    {
        m_now = std::max(m_now, ended.now);
        m_inFlight.released(ended.replica);
        if (ended.answered)
            observe(m_servers[raw(ended.replica)], inSeconds(ended.took));
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_candidates.update(replicas);
        m_inFlight.grow(replicas);
        m_servers.resize(replicas.size());
    }

private:
    struct Server
    {
        double cost = 0; ///< seconds
        Instant touched {};
    };

    void observe(Server& server, double took) const
    {
        const double weight = std::exp(-inSeconds(m_now - server.touched) / m_decaySeconds);
        server.cost = took > server.cost ? took : server.cost * weight + took * (1 - weight);
        server.touched = m_now;
    }

    double loadOf(ReplicaIndex replica)
    {
        constexpr double unknown = 140'737; // Long.MaxValue >> 16 nanoseconds
        Server& server = m_servers[raw(replica)];
        observe(server, 0);
        const auto pending = static_cast<double>(m_inFlight[replica]);
        return server.cost == 0 && pending > 0 ? unknown + pending : server.cost * (pending + 1);
    }

    Candidates m_candidates;
    InFlight m_inFlight;
    std::vector<Server> m_servers;
    double m_decaySeconds;
    Instant m_now {};
};

} // namespace

std::unique_ptr<BalancingPolicy> makePeakEwma(const ReplicaSet& replicas, const Chance&,
                                              const Settings& settings)
{
    return std::make_unique<PeakEwma>(replicas, settings.time("decay", std::chrono::seconds(10)));
}

} // namespace stickyscope
