// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/intervention.h"

#include <bitset>
#include <initializer_list>

namespace stickyscope {

/// Some kinds of interventions, such as those that a world can do.
class InterventionSet
{
public:
    InterventionSet() = default;
    InterventionSet(std::initializer_list<Intervention::Kind> kinds)
    {
        for (const Intervention::Kind kind : kinds)
            m_kinds.set(static_cast<std::size_t>(kind));
    }
    static InterventionSet all()
    {
        InterventionSet every;
        every.m_kinds.set();
        return every;
    }

    bool contains(Intervention::Kind kind) const
    {
        return m_kinds.test(static_cast<std::size_t>(kind));
    }
    bool empty() const { return m_kinds.none(); }
    /// Those that are in either.
    InterventionSet& operator|=(const InterventionSet& other)
    {
        m_kinds |= other.m_kinds;
        return *this;
    }
    /// Those that are in both.
    InterventionSet& operator&=(const InterventionSet& other)
    {
        m_kinds &= other.m_kinds;
        return *this;
    }

private:
    std::bitset<interventionKinds> m_kinds;
};

} // namespace stickyscope
