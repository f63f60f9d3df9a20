// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/measure/affinity.h"
#include "sim/measure/latency_histogram.h"
#include "sim/model/observation.h"
#include "sim/model/result.h"
#include "sim/model/world.h"

#include <array>
#include <map>
#include <vector>

namespace stickyscope {

/// All measures of one lane that a result holds, fed by its observations. The same in every
/// world. A value: copying it forks the lane's figures.
class LaneMeasures final : public ObservationSink
{
public:
    void observe(std::span<const Observation> observations) override;

    /// The figures so far. At most `clients` clients are listed; the totals hold all of them.
    LaneResult result(const Cast& cast, std::size_t clients) const;

private:
    struct Replica
    {
        Count requests = 0;
        std::array<Count, ledgerKeys> ledger {};
    };

    void answered(const Observation& observation);
    void failed(const Observation& observation);
    void countCookies(const Observation& observation);

    Affinity m_affinity;
    LatencyHistogram m_latency;
    std::vector<Replica> m_replicas;
    std::array<Count, failureKinds> m_failures {};
    std::map<std::uint16_t, Count> m_closes;
    Count m_answered = 0;
    Count m_failed = 0;
    Count m_errors = 0;
    Count m_messages = 0;
    Count m_cookiesSet = 0;
    Count m_severalCookies = 0;
};

} // namespace stickyscope
