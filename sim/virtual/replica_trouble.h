// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/intervention.h"
#include "sim/virtual/virtual_replica.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace stickyscope {

/// What is wrong with one replica just now; replica_faults.h says what each fault does.
struct ReplicaTrouble
{
    struct Active
    {
        Intervention fault;
        Instant since {};
        std::uint32_t number = 0; ///< its end is known by it
    };

    std::vector<Active> active; ///< of each kind one at most
    std::vector<RequestSlot> held; ///< sent to it and never answered
    std::optional<Intervention> crashed; ///< it starts by itself
    std::uint32_t begun = 0;
    bool toldGone = false; ///< the balancers were told that it is not there

    const Active* find(Intervention::Kind kind) const
    {
        const auto found = std::find_if(active.begin(), active.end(), [kind](const Active& one) {
            return one.fault.kind == kind;
        });
        return found == active.end() ? nullptr : &*found;
    }
    const Intervention* fault(Intervention::Kind kind) const
    {
        const Active* found = find(kind);
        return found ? &found->fault : nullptr;
    }
    /// Of the one with this number; absent where it has ended, or begun anew.
    std::optional<Intervention::Kind> kindOf(std::uint32_t number) const
    {
        const auto found = std::find_if(active.begin(), active.end(), [number](const Active& one) {
            return one.number == number;
        });
        return found == active.end() ? std::nullopt : std::optional(found->fault.kind);
    }
};

} // namespace stickyscope
