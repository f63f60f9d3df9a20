// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/model/intervention.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace stickyscope {

/// What is wrong with one replica just now, with which settings, since when and until when; and
/// what that makes of its requests. The same in the model and on real sockets, each of which sees
/// to it by its own clock that faults end. replica_faults.h says what each fault does. A value.
class ActiveFaults
{
public:
    struct Active
    {
        Intervention fault;
        Instant since {};
        Instant until = Instant::max(); ///< max(): until somebody ends it
        std::uint32_t number = 0; ///< no other of the replica's has it
    };

    /// It takes the place of one of its kind.
    const Active& begin(const Intervention& fault, Instant now);
    /// False where there is none of this kind.
    bool end(Intervention::Kind kind);

    /// In the order in which they began; of each kind one at most.
    const std::vector<Active>& all() const { return m_active; }
    bool empty() const { return m_active.empty(); }
    const Active* find(Intervention::Kind kind) const;
    const Intervention* fault(Intervention::Kind kind) const;
    /// Of the one with this number; absent where it has ended, or begun anew.
    std::optional<Intervention::Kind> kindOf(std::uint32_t number) const;
    /// The one that is to have ended by then, the earliest first.
    std::optional<Active> dueBy(Instant now) const;
    /// Each with the replica that it is wrong with, for a picture.
    std::vector<Intervention> of(ReplicaIndex replica) const;

    /// How long a request holds its slot whose service takes `usual`, and whose answer has so many
    /// octets. `luck` is the request's own, of Purpose::replicaFault.
    Duration demand(Duration usual, Instant now, Draw luck, int answerSize) const;
    /// How much later than its beginning the end of an answer of so many octets leaves the replica,
    /// whose slot is free meanwhile.
    Duration tail(int answerSize) const;
    /// How many octets of an answer of so many leave the replica at all.
    std::int64_t passes(int answerSize) const;
    /// Whether a fault that strikes only a share of requests (reset, errors) strikes the one with
    /// this luck.
    bool strikes(Intervention::Kind kind, Draw luck) const;
    /// Whether an active check fails, however well the replica serves.
    bool failsChecks() const;

private:
    std::vector<Active> m_active;
    std::uint32_t m_begun = 0;
};

/// What is left of a replica's slots and of its queue beside connections that ask nothing: they
/// have the places of the queue first, and then slots.
struct RoomLeft
{
    std::size_t slotCount = 0; ///< ("slots" is a macro of Qt)
    std::size_t places = 0; ///< of the queue

    bool operator==(const RoomLeft&) const = default;
};
RoomLeft roomBeside(std::int64_t idleConnections, std::size_t slotCount, std::size_t queue);

} // namespace stickyscope
