// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/products/product.h"
#include "sim/virtual/explanation.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// A request, and what every product meets that has it.
struct Scene
{
    const BalancerSpec& balancer;
    const ReplicaSet& replicas;
    const std::vector<std::optional<Fault>>& faults; ///< by replica; absent: it answers
    http::RequestHead request;
    WallSeconds now;
    bool secure;
    std::function<Draw(int)> draw;
    std::string_view source;
    ReplicaIndex bound; ///< the server that the request's cookie names; noReplica where none
    /// What the replica answers.
    std::function<http::ResponseHead(ReplicaIndex)> answer;
};

/// "Traefik (3.7.15)"
std::string titleOf(const Product& product, const BalancerSpec& balancer);
/// What this product makes of the request, as it begins, with the rest of the balancer's settings.
ProductAnswer answerOf(const Product& product, const Scene& scene);

} // namespace stickyscope
