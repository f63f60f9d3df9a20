// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

// Envoy's two ways of being sticky, which products that run Envoy share.
namespace stickyscope {

/// The cookie that Envoy sets.
struct EnvoyCookie
{
    std::string name;
    std::optional<std::string> path; ///< written only where it is there
    std::optional<Duration> ttl; ///< zero: as long as the browser runs
};

/// In which states of its server a stateful session keeps to it (override_host_status), and what
/// becomes of its request in all others.
struct EnvoyOverrides
{
    bool keepsHealthy = true; ///< HEALTHY; a server without a state is UNKNOWN, and counts so
    bool keepsDraining = false; ///< DRAINING
    bool keepsUnhealthy = false; ///< UNHEALTHY
    bool strict = false; ///< it is answered by Envoy itself
    /// And with this where Envoy does not know the server at all; else with 503.
    std::uint16_t statusOfUnknown = 503;
};

/// By the settings of a `sticky` of Envoy's own.
EnvoyOverrides envoyOverrides(const Settings& sticky);

/// For a fresh request.
extern const Rule envoyPicked;

/// The cookie names a client, for ring_hash or maglev to hash (route.proto, HashPolicy.Cookie).
/// Without a ttl Envoy never sets one.
std::unique_ptr<StickyPolicy> makeEnvoyHashPolicy(EnvoyCookie cookie);
/// The cookie holds a server's address (stateful_session/cookie).
std::unique_ptr<StickyPolicy> makeEnvoyStatefulSession(EnvoyCookie cookie, EnvoyOverrides overrides,
                                                       const ReplicaSet& replicas);

} // namespace stickyscope
