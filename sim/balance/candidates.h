// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"

#include <vector>

namespace stickyscope {

/// The replicas that take fresh requests, in order, kept up to date for algorithms that draw
/// from them.
class Candidates
{
public:
    explicit Candidates(const ReplicaSet& replicas) { update(replicas); }

    void update(const ReplicaSet& replicas)
    {
        m_indices.clear();
        for (std::size_t index = 0; index < replicas.size(); ++index) {
            if (replicas[static_cast<ReplicaIndex>(index)].takesFresh())
                m_indices.push_back(static_cast<ReplicaIndex>(index));
        }
    }

    /// One of them, each as likely, but `avoid` only where it is the last one left.
    std::optional<ReplicaIndex> draw(Draw& draw, ReplicaIndex avoid) const
    {
        if (m_indices.empty())
            return std::nullopt;
        const auto place = draw.below(static_cast<std::uint32_t>(m_indices.size()));
        if (m_indices[place] != avoid)
            return m_indices[place];
        return m_indices[(place + 1) % m_indices.size()];
    }

    std::size_t size() const { return m_indices.size(); }
    ReplicaIndex operator[](std::size_t place) const { return m_indices[place]; }

private:
    std::vector<ReplicaIndex> m_indices;
};

} // namespace stickyscope
