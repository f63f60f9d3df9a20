// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/passive_checks.h"

#include <utility>

namespace stickyscope {

void PassiveChecks::remove(ReplicaIndex replica)
{
    if (std::exchange(m_replicas[raw(replica)].gone, true))
        return;
    --m_there;
    if (!m_rule.notTheOnlyOne || m_there > 1)
        return;
    for (State& state : m_replicas) {
        if (!state.gone)
            state = {};
    }
}

bool PassiveChecks::partly(ReplicaIndex replica, int status, Instant now, bool broken)
{
    if (m_rule.partAnswer == PartAnswer::nothing)
        return false;
    if (m_rule.partAnswer == PartAnswer::failsToo || !broken) {
        const bool changed = wholly(replica, status, now);
        return broken ? count(replica, now, 0) || changed : changed;
    }
    return m_rule.failureRate > 0 ? rate(replica, now, true) : count(replica, now, 0);
}

bool PassiveChecks::succeeded(ReplicaIndex replica)
{
    State& state = m_replicas[raw(replica)];
    switch (m_rule.counted) {
    case CountedFailures::inARow:
        state.failures = state.errors = 0;
        state.onTrial = false;
        return false;
    case CountedFailures::inARowOfLate:
        state.ofLate.clear();
        return false;
    case CountedFailures::untilChecked:
        if (state.last >= state.checked)
            return false;
        state.failures = 0;
        return std::exchange(state.out, false);
    case CountedFailures::ofLate:
        return false;
    }
    return false;
}

bool PassiveChecks::check(State& state, Instant now)
{
    if (inSeconds(now) - state.checked <= m_rule.within)
        return false;
    state.checked = inSeconds(now);
    if (state.failures < m_rule.failures)
        return false;
    leaveOutUntilChecked(state, now);
    return true;
}

// Status 0: there was no answer.
bool PassiveChecks::count(ReplicaIndex replica, Instant now, int status)
{
    State& state = m_replicas[raw(replica)];
    switch (m_rule.counted) {
    case CountedFailures::inARow:
        return countInARow(state, now, status == 0 || isBad(status));
    case CountedFailures::inARowOfLate:
    case CountedFailures::ofLate:
        return countOfLate(state, now);
    case CountedFailures::untilChecked:
        return countUntilChecked(state, now);
    }
    return false;
}

bool PassiveChecks::countInARow(State& state, Instant now, bool fails)
{
    if (state.out)
        return false;
    if (m_rule.within > Duration::zero() && now - state.last > m_rule.within && !state.onTrial)
        state.failures = 0;
    state.last = now;
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
    leaveOut(state, now, now + m_rule.out);
    return true;
}

// Failures that come while it is out count as well, once it is back.
bool PassiveChecks::countOfLate(State& state, Instant now)
{
    state.ofLate.push_back(now);
    std::erase_if(state.ofLate, [&](Instant one) { return now - one >= m_rule.within; });
    if (std::ssize(state.ofLate) < m_rule.failures)
        return false;
    const bool wasOut = state.out;
    if (m_rule.counted == CountedFailures::ofLate)
        // When the first of so many, those of late, is too old.
        leaveOut(state, now, state.ofLate.end()[-m_rule.failures] + m_rule.within);
    else if (!wasOut)
        leaveOut(state, now, now + m_rule.out);
    return !wasOut;
}

bool PassiveChecks::countUntilChecked(State& state, Instant now)
{
    state.last = state.checked = inSeconds(now);
    if (++state.failures < m_rule.failures)
        return false;
    const bool wasOut = state.out;
    leaveOutUntilChecked(state, now);
    return !wasOut;
}

void PassiveChecks::leaveOutUntilChecked(State& state, Instant now)
{
    leaveOut(state, now,
             state.checked + std::chrono::ceil<std::chrono::seconds>(m_rule.out)
                 + std::chrono::seconds(1));
}

Instant PassiveChecks::sweptBack(State& state, Instant now) const
{
    const auto sweepsUntil = [this](Instant time) {
        return time.time_since_epoch() / m_rule.sweep;
    };
    const auto sinceThen = sweepsUntil(now) - sweepsUntil(state.returned);
    state.times = static_cast<int>(std::max<std::int64_t>(0, state.times - sinceThen));
    if (state.times * m_rule.out < m_rule.longest + m_rule.out)
        ++state.times;
    const Instant due = now + std::min(state.times * m_rule.out, m_rule.longest);
    const auto sweep = (due.time_since_epoch() + m_rule.sweep - Duration(1)) / m_rule.sweep;
    return Instant(sweep * m_rule.sweep);
}

void PassiveChecks::leaveOut(State& state, Instant now, Instant back)
{
    state.out = true;
    state.back = m_rule.untilGood         ? Instant::max()
        : m_rule.sweep > Duration::zero() ? sweptBack(state, now)
                                          : back;
    m_next = std::min(m_next, state.back);
    if (m_rule.allBackAtOnce && outNow() == m_there)
        callAllBack(now);
}

} // namespace stickyscope
