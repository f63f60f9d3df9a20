// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/failure_history.h"
#include "sim/model/ids.h"
#include "sim/products/product.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace stickyscope {

/// Counts the failures that requests meet: so many in time leave a replica out for a while. Then
/// it is tried again; the next failure leaves it out anew, a success forgets them all.
class PassiveChecks
{
public:
    PassiveChecks(const PassiveCheck& rule, std::size_t replicas)
        : m_rule(rule)
        , m_replicas(replicas)
    {
        if (rule.notTheOnlyOne && replicas == 1)
            m_rule.failures = 0;
    }

    void add() { m_replicas.emplace_back(); }

    bool isThere() const
    {
        return m_rule.failures > 0 || m_rule.errors > 0 || m_rule.failureRate > 0;
    }

    /// An answer of this status has come: true where it is one too many.
    bool answered(ReplicaIndex replica, int status, Instant now)
    {
        if (m_rule.failureRate > 0)
            return rate(replica, now, false);
        const bool counts = isBad(status) || (status >= 500 && m_rule.errors > 0);
        if (counts)
            return count(replica, now, status);
        succeeded(replica);
        return false;
    }

    /// True where this failure leaves the replica out.
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
        succeeded(replica);
        return false;
    }

    void succeeded(ReplicaIndex replica)
    {
        if (!isThere())
            return;
        State& state = m_replicas[raw(replica)];
        state.failures = state.errors = 0;
        state.onTrial = false;
    }

    /// When the first of those that are left out may come back.
    Instant next() const { return m_next; }
    bool leftOut(ReplicaIndex replica) const { return m_replicas[raw(replica)].out; }

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
                state.onTrial = !m_rule.afresh;
                if (m_rule.afresh)
                    state.failures = state.errors = 0;
            }
            if (state.out)
                m_next = std::min(m_next, state.back);
        }
        return back;
    }

private:
    struct State
    {
        Instant last {};
        Instant back {};
        int failures = 0;
        int errors = 0;
        bool out = false;
        bool isCalled = false; ///< back, whoever asks
        bool onTrial = false; ///< was left out, and has not succeeded since
        FailureHistory history {};
    };

    static bool isAmong(const std::vector<int>& statuses, int status)
    {
        return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    }
    bool isBad(int status) const { return isAmong(m_rule.badStatuses, status); }

    // Status 0: there was no answer.
    bool count(ReplicaIndex replica, Instant now, int status)
    {
        State& state = m_replicas[raw(replica)];
        if (state.out)
            return false;
        if (m_rule.within > Duration::zero() && now - state.last > m_rule.within && !state.onTrial)
            state.failures = 0;
        state.last = now;
        const bool fails = status == 0 || isBad(status);
        state.failures = fails ? state.failures + 1 : 0;
        ++state.errors;
        const bool tooMany = (m_rule.failures > 0 && state.failures >= m_rule.failures)
            || (m_rule.errors > 0 && state.errors >= m_rule.errors);
        if (!state.onTrial && !tooMany)
            return false;
        if (!mayLeaveOut()) {
            state.failures = state.errors = 0;
            return false;
        }
        state.out = true;
        state.back = m_rule.wholeSeconds
            ? Instant(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()))
                + std::chrono::ceil<std::chrono::seconds>(m_rule.out) + std::chrono::seconds(1)
            : now + m_rule.out;
        m_next = std::min(m_next, state.back);
        if (m_rule.allBackAtOnce && outNow() == std::ssize(m_replicas))
            callAllBack(now);
        return true;
    }

    bool rate(ReplicaIndex replica, Instant now, bool failed)
    {
        State& state = m_replicas[raw(replica)];
        const double share = state.history.add(now, failed, m_rule.within, m_rule.leastRequests);
        if (state.out || share < m_rule.failureRate)
            return false;
        state.out = true;
        state.back = now + m_rule.out;
        m_next = std::min(m_next, state.back);
        return true;
    }

    // One more must be no more than the share (measured on Envoy 1.40).
    bool mayLeaveOut() const
    {
        return 100 * (outNow() + 1) <= m_rule.largestShare * std::ssize(m_replicas);
    }
    std::ptrdiff_t outNow() const
    {
        return std::count_if(m_replicas.begin(), m_replicas.end(),
                             [](const State& state) { return state.out; });
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
    Instant m_next = Instant::max();
};

} // namespace stickyscope
