// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

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

/// What a stateful session does where its server is not healthy.
struct EnvoyOverrides
{
    bool strict = false; ///< 503
    bool keepsDraining = false; ///< override_host_status has DRAINING
    bool keepsUnhealthy = false; ///< it has UNHEALTHY
};

/// For a fresh request.
extern const Rule envoyPicked;

/// The cookie names a client, for ring_hash or maglev to hash (route.proto, HashPolicy.Cookie).
/// Without a ttl Envoy never sets one.
std::unique_ptr<StickyPolicy> makeEnvoyHashPolicy(EnvoyCookie cookie);
/// The cookie holds a server's address (stateful_session/cookie).
std::unique_ptr<StickyPolicy> makeEnvoyStatefulSession(EnvoyCookie cookie, EnvoyOverrides overrides,
                                                       const ReplicaSet& replicas);

} // namespace stickyscope
