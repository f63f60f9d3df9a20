// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/measure/time_buckets.h"
#include "sim/model/snapshot.h"

#include <vector>

namespace stickyscope {

/// What the pictures of a lane need beside its figures: shares over time, each client's answers
/// over time and its newest ones, the requests on their way, the replicas' states. Bounded: the
/// first `mostClients` clients only, but for requests on their way, and series that halve. A value,
/// as LaneMeasures is.
class LaneHistory final : public ObservationSink
{
public:
    static constexpr std::size_t mostClients = 1000;

    /// `expected`: how long the lane is likely to run; the series' first cells are as wide that
    /// all of it fits.
    explicit LaneHistory(Duration expected);

    void observe(std::span<const Observation> observations) override;
    void writeTo(LaneSnapshot& snapshot, const Cast& cast, const TextTable& texts) const;

private:
    void take(const Observation& observation);
    void ended(const Observation& observation);
    void flies(const Observation& observation);
    void replicaChanged(const Observation& observation);
    void addMark(const Observation& observation);
    void asks(Flight& flight, const Observation& sent);
    void leaves(const Flight& flight);
    ClientPicture* client(ClientIndex index);
    std::vector<Flight>& flightsOf(ClientIndex index);
    ReplicaPicture& replica(ReplicaIndex index);

    Duration m_width;
    TimeBuckets<ShareCell> m_share;
    TimeBuckets<TimelineColumn> m_timeline;
    std::vector<ClientPicture> m_clients;
    std::vector<std::vector<Flight>> m_flights; ///< by client
    std::vector<ReplicaPicture> m_replicas;
    int m_updates = 0; ///< rolling updates that are going on
    std::vector<Observation> m_marks; ///< replicas' changes, put into words by writeTo()
};

} // namespace stickyscope
