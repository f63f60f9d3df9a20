// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/dispatch/failure_history.h"
#include "sim/model/ids.h"
#include "sim/products/product.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace stickyscope {

/// Counts the failures that requests meet: so many leave a replica out for a while. Which of them
/// count together, and what a success is good for, is the product's to say. Whoever is told true
/// looks at leftOut() anew.
class PassiveChecks
{
public:
    PassiveChecks(PassiveCheck rule, std::size_t replicas)
        : m_rule(std::move(rule))
        , m_replicas(replicas)
        , m_there(static_cast<int>(replicas))
    {
    }

    void add()
    {
        m_replicas.emplace_back();
        ++m_there;
    }
    /// It is none any more; its number is not used again.
    void remove(ReplicaIndex replica);
    /// Nothing is known of it.
    void begin(ReplicaIndex replica) { m_replicas[raw(replica)] = {}; }

    bool isThere() const
    {
        return (m_rule.failures > 0 || m_rule.errors > 0 || m_rule.failureRate > 0)
            && !(m_rule.notTheOnlyOne && m_there == 1);
    }

    /// An answer of this status has come, and has ended so.
    bool answered(ReplicaIndex replica, int status, Instant now, AnswerEnd end = AnswerEnd::whole)
    {
        if (!isThere())
            return false;
        if (end != AnswerEnd::whole && m_rule.partAnswer != PartAnswer::asItsHead)
            return partly(replica, status, now, end == AnswerEnd::brokenOff);
        return wholly(replica, status, now);
    }

    /// A request has ended before an answer came, and that was not told as a failure.
    bool abandoned(ReplicaIndex replica)
    {
        return m_rule.counted == CountedFailures::untilChecked && isThere() && succeeded(replica);
    }

    bool failed(ReplicaIndex replica, Instant now, const Attempt& attempt)
    {
        if (!isThere())
            return false;
        if (m_rule.failureRate > 0)
            return rate(replica, now, true);
        const bool forgiven =
            attempt.fault == Fault::answered && isAmong(m_rule.forgivenStatuses, attempt.status);
        const bool refused = attempt.fault == Fault::refused || !m_rule.refusedAlone;
        if (refused && !forgiven)
            return count(replica, now, 0);
        // There was a connection.
        return succeeded(replica);
    }

    /// A request has gone there.
    bool asked(ReplicaIndex replica, Instant now)
    {
        return m_rule.counted == CountedFailures::untilChecked && isThere()
            && check(m_replicas[raw(replica)], now);
    }

    /// When the first of those that are left out may come back.
    Instant next() const { return m_next; }
    bool leftOut(ReplicaIndex replica) const { return m_replicas[raw(replica)].out && isThere(); }
    /// Left out, or to be tried again: nobody knows yet.
    bool doubts(ReplicaIndex replica) const
    {
        const State& state = m_replicas[raw(replica)];
        return leftOut(replica)
            || (m_rule.counted == CountedFailures::untilChecked && isThere()
                && state.failures >= m_rule.failures);
    }
    /// Left out until active checks find it good.
    bool waitsForChecks(ReplicaIndex replica) const { return m_rule.untilGood && leftOut(replica); }
    /// They have.
    void foundGood(ReplicaIndex replica, Instant now)
    {
        if (!leftOut(replica) || !(m_rule.untilGood || m_rule.orGood))
            return;
        State& state = m_replicas[raw(replica)];
        state.out = false;
        state.returned = now;
        beginAnew(state);
    }

    /// A replica whose time is over; one at each call. `asks` says of one whether the request that
    /// has come may go there.
    template <typename Asks>
    std::optional<ReplicaIndex> takeBack(Instant now, Asks asks)
    {
        std::optional<ReplicaIndex> back;
        m_next = Instant::max();
        bool front = m_rule.frontWhoeverAsks;
        for (std::size_t place = 0; place < m_replicas.size(); ++place) {
            State& state = m_replicas[place];
            const auto replica = static_cast<ReplicaIndex>(place);
            front = front && state.out;
            if (!back && state.out && state.back <= now
                && (!m_rule.whenAsked || state.isCalled || front || asks(replica))) {
                back = replica;
                state.out = state.isCalled = false;
                state.returned = state.back;
                state.onTrial = m_rule.counted == CountedFailures::inARow && !m_rule.afresh;
                beginAnew(state);
            }
            if (state.out)
                m_next = std::min(m_next, state.back);
        }
        return back;
    }

private:
    struct State
    {
        Instant last {}; ///< failure
        Instant checked {}; ///< by nginx's way of counting
        Instant back {};
        Instant returned {};
        int times = 0; ///< that it is to be left out for, see PassiveCheck::sweep
        std::vector<Instant> ofLate {}; ///< failures, where they are counted by their ages
        int failures = 0;
        int errors = 0;
        bool out = false;
        bool gone = false;
        bool isCalled = false; ///< back, whoever asks
        bool onTrial = false; ///< was left out, and has not succeeded since
        FailureHistory history {};
    };

    static bool isAmong(const std::vector<int>& statuses, int status)
    {
        return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    }
    bool isBad(int status) const { return isAmong(m_rule.badStatuses, status); }

    static Instant inSeconds(Instant now)
    {
        return Instant(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()));
    }

    bool wholly(ReplicaIndex replica, int status, Instant now)
    {
        if (m_rule.failureRate > 0)
            return rate(replica, now, false);
        const bool counts = isBad(status) || (status >= 500 && m_rule.errors > 0);
        if (counts)
            return count(replica, now, status);
        return succeeded(replica);
    }
    bool partly(ReplicaIndex replica, int status, Instant now, bool broken);
    bool succeeded(ReplicaIndex replica);
    bool check(State& state, Instant now);
    bool count(ReplicaIndex replica, Instant now, int status);
    bool countInARow(State& state, Instant now, bool fails);
    bool countOfLate(State& state, Instant now);
    bool countUntilChecked(State& state, Instant now);
    void leaveOutUntilChecked(State& state, Instant now);
    void leaveOut(State& state, Instant now, Instant back);
    Instant sweptBack(State& state, Instant now) const;

    bool rate(ReplicaIndex replica, Instant now, bool failed)
    {
        State& state = m_replicas[raw(replica)];
        const double share = state.history.add(now, failed, m_rule.within, m_rule.leastRequests);
        if (state.out || share < m_rule.failureRate)
            return false;
        leaveOut(state, now, now + m_rule.out);
        return true;
    }

    void beginAnew(State& state) const
    {
        if (m_rule.afresh)
            state.failures = state.errors = 0;
    }

    // One more must be no more than the share (measured on Envoy 1.40).
    bool mayLeaveOut() const
    {
        return 100 * (outNow() + 1) <= std::ptrdiff_t {m_rule.largestShare} * m_there;
    }
    std::ptrdiff_t outNow() const
    {
        return std::count_if(m_replicas.begin(), m_replicas.end(),
                             [](const State& state) { return state.out && !state.gone; });
    }
    void callAllBack(Instant now)
    {
        for (State& state : m_replicas) {
            state.back = now;
            state.isCalled = true;
        }
        m_next = now;
    }

    PassiveCheck m_rule;
    std::vector<State> m_replicas;
    int m_there; ///< those that have not gone
    Instant m_next = Instant::max();
};

} // namespace stickyscope
