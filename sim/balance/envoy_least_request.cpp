// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/envoy_scheduled.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/least_in_flight.h"

#include <cmath>

namespace stickyscope {

namespace {

// Envoy 1.40, least_request_lb.cc. With equal weights so many hosts are drawn, with replacement,
// and the first with the fewest active requests is taken; a full scan takes any of those with the
// fewest. With unequal weights the EDF scheduler runs on weight / (active + 1)^bias, as it is
// when a host is picked: what changes later counts at its next turn.
class EnvoyLeastRequest final : public CloneablePolicy<EnvoyLeastRequest>
{
public:
    EnvoyLeastRequest(const ReplicaSet& replicas, const Chance& chance, const Settings& settings)
        : m_hosts(replicas, chance)
        , m_active(replicas)
        , m_least(replicas)
        , m_choices(settings.whole("choice-count", 2))
        , m_bias(settings.number("active-request-bias", 1.0))
        , m_fullScan(settings.flag("full-scan"))
    {
        topologyChanged(replicas);
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        if (m_hosts.candidates().size() == 0)
            return std::nullopt;
        if (m_hosts.scheduled())
            return m_hosts.next([this](ReplicaIndex host) { return weightNow(host); }, pick.avoid);
        if (m_fullScan)
            return m_least.draw(pick.draw, pick.avoid);
        auto best = m_hosts.candidates().draw(pick.draw, pick.avoid);
        for (std::int64_t number = 1; number < m_choices; ++number) {
            const auto drawn = m_hosts.candidates().draw(pick.draw, pick.avoid);
            if (m_active[*drawn] < m_active[*best])
                best = drawn;
        }
        return best;
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override
    {
        m_active.assigned(replica);
        m_least.assigned(replica);
    }
    void released(const Ended& ended) override
    {
        m_active.released(ended.replica);
        m_least.released(ended.replica);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_active.grow(replicas);
        m_least.update(replicas);
        m_hosts.update(replicas, [this](ReplicaIndex host) { return weightNow(host); });
    }

private:
    double weightNow(ReplicaIndex host) const
    {
        return m_hosts.weight(host) / std::pow(static_cast<double>(m_active[host] + 1), m_bias);
    }

    EnvoyScheduled m_hosts;
    InFlight m_active;
    LeastInFlight m_least;
    std::int64_t m_choices;
    double m_bias;
    bool m_fullScan;
};

} // namespace

std::unique_ptr<BalancingPolicy>
makeEnvoyLeastRequest(const ReplicaSet& replicas, const Chance& chance, const Settings& settings)
{
    return std::make_unique<EnvoyLeastRequest>(replicas, chance, settings);
}

} // namespace stickyscope
