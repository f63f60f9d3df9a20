// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"
#include "sim/model/outcome.h"

#include <QHostAddress>

#include <cstdint>

namespace stickyscope::lab {

/// One server behind the balancer. `view.url` is http://host:port; the host is looked up once.
struct Backend
{
    ReplicaView view;
};

/// The balancer of a lab's lane, as the lane sees it: ours, or a real product's program. What it
/// is told it may do a little later.
class LabBalancer
{
public:
    LabBalancer() = default;
    LabBalancer(const LabBalancer&) = delete;
    LabBalancer& operator=(const LabBalancer&) = delete;
    virtual ~LabBalancer() = default;

    /// On 127.0.0.1.
    virtual std::uint16_t port() const = 0;
    /// Only what is bound to it by its cookie, where the product drains servers.
    virtual void setDraining(ReplicaIndex replica, bool draining) = 0;
    /// It is told, as an orchestrator does it, whether the replica is there at all.
    virtual void setThere(ReplicaIndex replica, bool there) = 0;
    /// It is no server any more, though it may still run; its number is not used again.
    virtual void remove(ReplicaIndex replica) = 0;
    /// It stands behind all others.
    virtual ReplicaIndex add(const Backend& backend) = 0;
    /// Other machines may come in by this address of ours from now on; at which port.
    virtual Outcome<std::uint16_t> openToNetwork(const QHostAddress& address) = 0;
    /// No longer, and whoever is in is sent away.
    virtual void closeNetwork() = 0;
};

} // namespace stickyscope::lab
