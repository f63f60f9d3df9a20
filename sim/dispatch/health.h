// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <vector>

namespace stickyscope {

/// Counts active checks: how many failed or good ones in a row mark a replica down or up.
class Health
{
public:
    Health(int fall, int rise, std::size_t replicas)
        : m_fall(fall)
        , m_rise(rise)
        , m_replicas(replicas)
    {
    }

    void add() { m_replicas.emplace_back(); }

    /// Takes the result of one check; true where it changes the replica's state.
    bool checked(ReplicaIndex replica, bool good)
    {
        State& state = m_replicas[raw(replica)];
        state.contrary = good == state.up ? 0 : state.contrary + 1;
        if (state.contrary < (state.up ? m_fall : m_rise))
            return false;
        if (good == state.up)
            return false;
        state = {good, 0};
        return true;
    }

    bool isUp(ReplicaIndex replica) const { return m_replicas[raw(replica)].up; }
    /// It is down, whatever checks have said.
    void markDown(ReplicaIndex replica)
    {
        if (isUp(replica))
            m_replicas[raw(replica)] = {false, 0};
    }
    /// It is there again: up, and the next check that fails takes it down (HAProxy: "UP 1/3").
    void begin(ReplicaIndex replica) { m_replicas[raw(replica)] = {true, m_fall - 1}; }
    /// So many checks are needed from now on.
    void setNeeded(int fall, int rise)
    {
        m_fall = fall;
        m_rise = rise;
    }

private:
    struct State
    {
        bool up = true;
        int contrary = 0;
    };

    int m_fall;
    int m_rise;
    std::vector<State> m_replicas;
};

} // namespace stickyscope
