// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a sticky cookie's value leads to, asked of the same decision as the model's, where the value
// is hashed over all servers and so does not say it by itself.
namespace stickyscope {

/// One way in which a product hashes its cookie.
struct CookieWay
{
    std::string title; ///< what it takes: "hash-policy, maglev"; empty where nothing is to be set
    BalancerSpec spec;
};

/// The ways in which a balancer with these settings, and where it needs it one more of its cookie
/// and one of its own, hashes its cookie: one for each algorithm that can do it, in the product's
/// order. None where it has no such cookie. The balancer must have `sticky`.
std::vector<CookieWay> cookieWays(const BalancerSpec& balancer);

/// Whom a value leads to.
struct LedTo
{
    ReplicaIndex replica = noReplica; ///< which the value names, or the hash says
    bool hashed = false;
    CookieIn state = CookieIn::none; ///< what the product takes the value for
    const Rule* rule = nullptr;
};

/// Of servers that are all up and idle. The balancer must have `sticky`.
LedTo whereCookieLeads(const BalancerSpec& balancer, const ReplicaSet& replicas,
                       std::string_view value, WallSeconds now);

/// A value in the product's own form that leads to this server in each of the ways; absent where
/// none of the first `tries` does.
std::optional<std::string> cookieThatLeads(const std::vector<CookieWay>& ways,
                                           const ReplicaSet& replicas, ReplicaIndex wanted,
                                           WallSeconds now, std::uint32_t tries = 200'000);

} // namespace stickyscope
