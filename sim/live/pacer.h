// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/allowance.h"

#include <string>
#include <vector>

namespace stickyscope::live {

/// Says when the next request to one target may be sent. All lanes of a run share one, so that
/// they stay within the target's allowance together, each with its part of the rate. It takes
/// pressure off a target in trouble: half the rate while a fifth of the requests fails or answers
/// take four times as long as they did at first; an end after 30 s of that; a pause where the
/// target asks for one (Retry-After). Used from one thread.
class Pacer
{
public:
    /// `wanted`: requests per second in all. `named`: what the target's names say; a target that
    /// names another host is public until an address of it has been met.
    Pacer(double wanted, std::size_t lanes, TargetClass named, bool inPerson = false);

    /// A connection is about to be made to an address of this class. The strictest one counts, and
    /// never less than the names say: a tunnel from this machine leads elsewhere.
    void meets(TargetClass address);

    /// Takes the lane's next turn, if it has come. `opens`: the request needs a new connection,
    /// which counts as open until released().
    bool take(std::size_t lane, Instant now, bool opens);
    void released();

    /// What became of a request.
    void ended(Instant now, bool failed, Duration latency);
    /// Nothing is sent before `when`.
    void holdUntil(Instant when);

    /// Why nothing more is sent at all, in one sentence; empty while all is well.
    const std::string& end() const { return m_end; }
    /// Requests per second that all lanes may send by now.
    double rate() const;

private:
    bool inTrouble() const;
    void judge(Instant now);

    double m_wanted;
    TargetClass m_named;
    std::optional<TargetClass> m_met;
    TargetClass m_class;
    bool m_inPerson;
    Allowance m_allowance;
    std::vector<Instant> m_next; ///< by lane
    Instant m_heldUntil {};
    int m_open = 0;
    double m_failing = 0; ///< share of the requests that failed lately
    std::size_t m_ended = 0;
    double m_firstLatency = 0; ///< seconds, mean of the first answers
    double m_latency = 0; ///< of the last ones
    bool m_troubled = false;
    Instant m_troubledSince {};
    std::string m_end;
};

} // namespace stickyscope::live
