// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "sim/model/snapshot.h"
#include "sim/model/world.h"

#include <mutex>
#include <vector>

namespace stickyscope::live {

/// What a lane of real requests hands over from its wire thread to the experiment's: observations
/// in order, and the names behind their numbers.
class LiveQueue final : public ObservationSink
{
public:
    void observe(std::span<const Observation> observations) override;
    /// Called on the wire thread, after observe().
    void describe(const Cast& cast, const TextTable& texts);
    /// Everything since the last call.
    std::vector<Observation> take(Cast& cast, TextTable& texts);
    /// What others have counted, as far as it is known.
    void setReconciliation(const Reconciliation& reconciliation);
    std::optional<Reconciliation> reconciliation() const;
    /// How a replica is just now.
    struct Condition
    {
        std::vector<Intervention> faults;
        std::optional<int> weight; ///< see ReplicaPicture
    };
    void setConditions(std::vector<Condition> conditions);
    std::vector<Condition> conditions() const;
    /// What a client's cookies name, where there are several balancers (ClientPicture::held).
    void setHeld(ClientIndex client, std::vector<HeldCookie> held);
    std::vector<std::vector<HeldCookie>> held() const; ///< by client

private:
    mutable std::mutex m_mutex;
    std::optional<Reconciliation> m_reconciliation;
    std::vector<Condition> m_conditions; ///< by replica
    std::vector<std::vector<HeldCookie>> m_held; ///< by client
    std::vector<Observation> m_observations;
    Cast m_cast;
    TextTable m_texts;
};

/// The real requests of an experiment's lanes, on a thread of their own. They end when this ends.
/// Their clock is the experiment's: while that is paused, no client sends.
class Traffic
{
public:
    virtual ~Traffic() = default;

    virtual LiveQueue& queue(std::size_t lane) = 0;
    virtual void setNow(std::size_t lane, Instant now) = 0;
    /// See World.
    virtual InterventionSet can() const = 0;
    /// `entry.at` is the lane's clock at that moment.
    virtual void apply(std::size_t lane, const TimelineEntry& entry) = 0;
    /// Waits until nothing of the lane is under way, some seconds at most, and has what others
    /// counted read once more.
    virtual void settle(std::size_t) { }
};

} // namespace stickyscope::live
