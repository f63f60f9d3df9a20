// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

struct ReplicaSpec;

/// One replica as the balancer sees it. What the balancer has not noticed is not here: a replica
/// that stopped a moment ago is still up.
struct ReplicaView
{
    std::string name; ///< the server's name in the balancer's configuration
    std::string url; ///< scheme, host and port, e.g. "http://10.0.0.1:8000"
    /// What the balancer's configuration calls it in cookies (HAProxy's `cookie`, Apache's and
    /// nginx's `route`): the name where absent, nothing where empty.
    std::optional<std::string> route {};
    int weight = 1; ///< 0 to 1000
    bool up = true; ///< as the health checks last said
    bool draining = false;
    std::string zone {}; ///< where it stands; empty: nowhere in particular
    bool backup = false; ///< takes requests only where no other is up
    /// Takes fresh requests only in the place of one that takes none, which is neither a backup nor
    /// a spare; the first of several for the first that is missing (Apache's hot spares).
    bool spare = false;
    /// The route of the server that gets the requests bound to this one while it is down; nobody
    /// does where empty (Apache's `redirect`).
    std::string redirect {};
    bool canary =
        false; ///< it is one of those that a canary's rules send requests to, and no others
    bool isBalancer = false; ///< another balancer, with servers of its own
    bool heldBack = false; ///< it is up, but others are to be asked first
    bool full = false; ///< it has as many requests as it may, and is passed over
    bool askedUnfit = false; ///< though it is not: too few of all are fit (Envoy's panic mode)

    /// "10.0.0.1:8000"
    std::string_view address() const
    {
        const auto scheme = url.find("://");
        return std::string_view(url).substr(scheme == std::string::npos ? 0 : scheme + 3);
    }
    const std::string& routeOrName() const { return route ? *route : name; }
    bool isFit() const { return up && !draining; }
    /// Whether it may take fresh requests...
    bool isServer() const { return (isFit() || askedUnfit) && weight > 0; }
    /// ...and is one of those that they are shared out to...
    bool isThere() const { return isServer() && !heldBack; }
    /// ...and may have one more now.
    bool takesFresh() const { return isThere() && !full; }
};

/// What a balancer's configuration says of the replica at this address ("10.0.0.1:8000").
ReplicaView viewOf(const ReplicaSpec& replica, const std::string& address);

/// All replicas that a balancer knows; a ReplicaIndex is a subscript. The version changes with
/// every change, so that answers that depend on the set may be cached.
class ReplicaSet
{
public:
    std::size_t size() const { return m_replicas.size(); }
    const ReplicaView& operator[](ReplicaIndex index) const { return m_replicas[raw(index)]; }
    std::uint32_t version() const { return m_version; }
    std::size_t takingFresh() const { return m_takingFresh; }

    ReplicaIndex add(ReplicaView replica);
    void setUp(ReplicaIndex index, bool up);
    void setDraining(ReplicaIndex index, bool draining);
    void setHeldBack(ReplicaIndex index, bool heldBack);
    void setFull(ReplicaIndex index, bool full);
    void setAskedUnfit(ReplicaIndex index, bool asked);
    void setWeight(ReplicaIndex index, int weight);
    /// It stays as a subscript alone: without address, name or weight, and down.
    void remove(ReplicaIndex index);

    auto begin() const { return m_replicas.begin(); }
    auto end() const { return m_replicas.end(); }

private:
    void changed();

    std::vector<ReplicaView> m_replicas;
    std::uint32_t m_version = 0;
    std::size_t m_takingFresh = 0;
};

} // namespace stickyscope
