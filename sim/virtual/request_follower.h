// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/world.h"
#include "sim/virtual/explanation.h"
#include "sim/virtual/virtual_world.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace stickyscope {

/// Follows a lane's requests until the one that is asked for, and then this one to its end.
class RequestFollower final : public ObservationSink
{
public:
    /// The lane's request of this number, from 1.
    explicit RequestFollower(std::uint64_t request)
        : m_left(request)
    {
    }
    explicit RequestFollower(RequestOf request)
        : m_wanted(request)
    {
    }

    void observe(std::span<const Observation> observations) override;
    /// Before the world goes on: how its balancers see their servers.
    void look(const VirtualWorld& world);
    /// The request has found its servers as they are; or never will, where the time is over.
    void found(const VirtualWorld& world);

    const std::vector<Observation>& seen() const { return m_seen; }
    /// The request as its client has sent it.
    const http::RequestHead& head() const { return *m_head; }
    std::uint64_t missing() const { return m_left; }
    bool ended() const;
    /// The balancers that it has come to, in order, by their places in the cast.
    const std::vector<std::size_t>& cameTo() const { return m_cameTo; }
    /// What was told as all of these but the last passed it on.
    const std::vector<Observation>& passedOn() const { return m_passedOn; }
    /// The servers of the balancer at this place among balancersOf() as the request found them...
    const ReplicaSet& servers(std::size_t place) const { return m_servers[place]; }
    /// ...and how each lets it down; absent: it answers.
    const std::vector<std::optional<Fault>>& faults(std::size_t place) const
    {
        return m_faults[place];
    }

private:
    bool begins(const Observation& one);
    void readHead(const VirtualWorld& world);

    std::uint64_t m_left = 0;
    RequestOf m_wanted;
    std::vector<Observation> m_seen;
    std::optional<http::RequestHead> m_head; ///< absent until the world was looked at
    std::vector<std::size_t> m_cameTo;
    std::vector<Observation> m_passedOn;
    std::vector<ReplicaSet> m_servers;
    std::vector<std::vector<std::optional<Fault>>> m_faults; ///< empty until found()
};

} // namespace stickyscope
