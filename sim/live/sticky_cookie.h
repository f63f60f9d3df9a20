// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::live {

/// What a cookie's name and value tell of the balancer that set it.
struct Fingerprint
{
    std::string_view balancer;
};

/// Nothing where neither name nor value is one of a known balancer.
std::optional<Fingerprint> fingerprintOf(std::string_view name, std::string_view value);

/// The replica that a sticky cookie's value names, where it names one: the whole value for
/// Traefik, HAProxy, Caddy, Envoy, F5 and nginx, its first part for HAProxy's dated ones. Empty
/// for values that name a client or change all the time.
std::string replicaNamedBy(std::string_view name, std::string_view value);

/// Whether a cookie of this name and value is the application's own session cookie as well, with
/// the replica's name written into it (Apache's and mod_jk's route, HAProxy's prefix and rewrite)
/// or hashed from it. Then a login cannot be told from the affinity.
bool isSessionCookieToo(std::string_view name, std::string_view value);

/// A cookie as it came with one fresh answer, and the replica that gave the answer (empty where
/// nobody knows).
struct SeenCookie
{
    std::string name;
    std::string value;
    std::string replica;
};

/// The cookie that is most likely the sticky one.
struct StickyProposal
{
    std::string name;
    std::string balancer; ///< empty where the pattern does not tell
    bool namesReplica = false; ///< each replica always came with one value of its own
    bool sessionToo = false; ///< isSessionCookieToo()
};

/// Proposes the sticky cookie from what fresh answers set: one with a balancer's pattern first,
/// then one whose value goes with the replica.
std::optional<StickyProposal> proposeSticky(const std::vector<SeenCookie>& seen);

} // namespace stickyscope::live
