// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/yaml_fields.h"
#include "sim/model/scenario.h"

#include <string>
#include <vector>

// The readers of a scenario file's parts, for readScenario() alone. Each throws FieldError.
namespace stickyscope {

std::vector<ReplicaSpec> readReplicas(const Place& at);
std::vector<ClientSpec> readClients(const Place& at);
/// A lane as it stands in the file; what it changes is read once the rest is.
struct LanePart
{
    LaneSpec spec;
    const YamlNode* with = nullptr;
};
std::vector<LanePart> readLanes(const Place& at);
/// The replicas and clients that it names are those of `scenario`.
std::vector<TimelineEntry> readTimeline(const Place& at, const Scenario& scenario);

/// A balancer as it stands in the file. Which of its settings the product has is known once the
/// lanes are, since a lane may have another product.
struct BalancerPart
{
    BalancerSpec spec;
    const YamlNode* node = nullptr;
    std::vector<const YamlNode*> stickyKeys; ///< those that were given
};
BalancerPart readBalancer(const Place& at);
/// The id of a product that there is.
std::string readProduct(const Place& at);

} // namespace stickyscope
