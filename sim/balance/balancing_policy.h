// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/model/ids.h"
#include "sim/model/replica_set.h"

#include <memory>
#include <optional>
#include <string_view>

namespace stickyscope {

/// What an algorithm may look at to place one fresh request.
struct Pick
{
    const ReplicaSet& replicas;
    Draw& draw; ///< the request's own luck
    ReplicaIndex avoid = noReplica; ///< failed a moment ago; chosen only where nothing else is left
    /// What hashing algorithms hash: a cookie's value, else the client's address ("192.0.2.7") or
    /// what the balancer is set to hash; null where the request has none of that.
    std::string_view key {};
    Instant now {};
};

/// Whether a request reached its replica by its cookie or was placed by the algorithm.
enum class Bound : std::uint8_t
{
    no,
    yes
};

/// What ended an answer.
enum class AnswerEnd : std::uint8_t
{
    whole,
    brokenOff, ///< its replica stopped in the middle of it, or what it sent was no HTTP
    stalled, ///< its replica paused for too long in the middle of it
    clientGone ///< its client did not stay, or the balancer ended it
};

/// A request that has ended at its replica, well or badly.
struct Ended
{
    ReplicaIndex replica = noReplica;
    Bound bound = Bound::no;
    bool answered = true; ///< at least by a head
    Duration took {}; ///< from when it was assigned
    Instant now {}; ///< when it ended; zero where that is not known
    int status = 200; ///< of its answer
    std::uint64_t octets = 0; ///< of its answer's body
    AnswerEnd end = AnswerEnd::whole;

    /// The replica has, and not whoever asked it.
    bool failed() const { return !answered && end != AnswerEnd::clientGone; }
};

/// Whether an algorithm may choose the replica; `onlyOne` where nothing else is left to avoid for.
inline bool eligible(const Pick& pick, ReplicaIndex replica, bool onlyOne)
{
    return pick.replicas[replica].takesFresh() && (replica != pick.avoid || onlyOne);
}

/// How fresh requests are placed. It never sees a cookie: bound requests reach it only as
/// assigned(). A value behind an interface: clone() copies its state.
class BalancingPolicy
{
public:
    virtual ~BalancingPolicy() = default;

    /// A replica that takes fresh requests, or nothing where there is none.
    virtual std::optional<ReplicaIndex> choose(const Pick& pick) = 0;
    /// A request, bound or fresh, is on its way to the replica...
    virtual void assigned(ReplicaIndex, Bound, Instant) { }
    /// ...and has ended there.
    virtual void released(const Ended&) { }
    /// Replicas were added, or their health, weight or draining changed.
    virtual void topologyChanged(const ReplicaSet&) { }
    virtual std::unique_ptr<BalancingPolicy> clone() const = 0;
};

/// Gives a policy its clone().
template <typename Derived>
class CloneablePolicy : public BalancingPolicy
{
public:
    std::unique_ptr<BalancingPolicy> clone() const override
    {
        return std::make_unique<Derived>(static_cast<const Derived&>(*this));
    }
};

} // namespace stickyscope
