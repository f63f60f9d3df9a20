// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/circuit_breaker.h"

#include <algorithm>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

// Of oxy's cbreaker: how often it looks, and what share is let through as recovery ends.
constexpr Duration between = 100ms;
constexpr double atEnd = 0.5;

std::int64_t secondOf(Instant now)
{
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

} // namespace

const Refusal* CircuitBreaker::refuses(Instant now)
{
    if (m_rule.mostRequests > 0 && m_inside >= m_rule.mostRequests)
        return &m_rule.tooMany;
    if (!letsThrough(now))
        return &m_rule.open;
    ++m_inside;
    return nullptr;
}

const Refusal* CircuitBreaker::refusesRetry()
{
    if (m_rule.mostRetries > 0 && m_retrying >= m_rule.mostRetries)
        return &m_rule.tooManyRetries;
    ++m_retrying;
    return nullptr;
}

bool CircuitBreaker::letsThrough(Instant now)
{
    if (m_state == State::closed)
        return true;
    if (m_state == State::open && now < m_until)
        return false;
    if (m_state == State::open) {
        m_state = State::recovering;
        m_until = now + m_rule.recovers;
        m_allowed = 0;
        m_denied = 0;
    }
    if (now > m_until) {
        m_state = State::closed;
        return true;
    }
    const double elapsed = 1.0
        - static_cast<double>((m_until - now).count())
            / static_cast<double>(m_rule.recovers.count());
    const double share = (m_allowed + 1.0) / (m_allowed + m_denied + 1.0);
    const bool lets = share < atEnd * elapsed;
    ++(lets ? m_allowed : m_denied);
    return lets;
}

void CircuitBreaker::ended(int status, bool retried, Instant now, AnswerEnd end)
{
    // It may have come in before the balancer began anew.
    m_inside = std::max(m_inside - 1, 0);
    if (retried)
        m_retrying = std::max(m_retrying - 1, 0);
    // A part of an answer it does not count (Traefik: a panic ends its proxy before that).
    if (m_rule.errorRatio >= 1 || end != AnswerEnd::whole)
        return;
    Second& second = m_seconds.at(static_cast<std::size_t>(secondOf(now)) % m_seconds.size());
    if (second.number != secondOf(now))
        second = {.number = secondOf(now)};
    ++second.requests;
    if (status == 502 || status == 504)
        ++second.errors;
    if (now < m_nextLook || m_state == State::open)
        return;
    m_nextLook = now + between;
    if (errorRatio(now) <= m_rule.errorRatio)
        return;
    m_state = State::open;
    m_until = now + m_rule.staysOpen;
    m_seconds = {};
}

double CircuitBreaker::errorRatio(Instant now) const
{
    int requests = 0;
    int errors = 0;
    for (const Second& second : m_seconds) {
        if (second.number <= secondOf(now) - static_cast<std::int64_t>(m_seconds.size()))
            continue;
        requests += second.requests;
        errors += second.errors;
    }
    return requests == 0 ? 0 : static_cast<double>(errors) / requests;
}

} // namespace stickyscope
