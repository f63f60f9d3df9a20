// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <memory>
#include <vector>

namespace stickyscope {

/// How one replica after the other is replaced: it drains, it goes, and some time later another one
/// is there in its place.
struct RollingUpdate
{
    Duration every = std::chrono::seconds(10); ///< from the beginning of one to that of the next
    Duration drain = std::chrono::seconds(2); ///< how long each takes no fresh requests; zero: no
    Duration startsIn = std::chrono::seconds(1); ///< from its end until the other one is there
    /// The others are servers of their own, as a Deployment's pods are; else each comes back by the
    /// same name, at the same address, and with an empty memory, as those of a StatefulSet do.
    bool newAddresses = false;

    bool operator==(const RollingUpdate&) const = default;
};

/// As one intervention, and back.
Intervention asIntervention(const RollingUpdate& update);
RollingUpdate rollingUpdateOf(const Intervention& intervention);

/// Those that an update which begins at this time replaces.
std::vector<ReplicaIndex> replacedAt(const Scenario& scenario, Duration at);
/// What becomes of each of them, in order of time, and at last the update's end. That others join
/// in their place, and that they leave for good, is not in it: asPlayed() has that.
std::vector<TimelineEntry> stepsOf(const RollingUpdate& update, Duration at,
                                   const std::vector<ReplicaIndex>& replaced);
/// Whether it is that end; nobody asks for it.
bool endsUpdate(const Intervention& intervention);

/// No file has more replicas, those included that rolling updates bring.
inline constexpr std::size_t mostReplicas = 10'000;

/// The scenario with the replicas that its timeline's updates to new addresses bring, behind all
/// others; where there are none, itself. No more than mostReplicas + 1 of them.
std::shared_ptr<const Scenario> asPlayed(const std::shared_ptr<const Scenario>& scenario);

} // namespace stickyscope
