// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <array>

namespace stickyscope {

/// What a balancer turns away before it looks at any server: requests beyond a number at once
/// (Traefik's InFlightReq), or for a while all of them, after too many network errors (its circuit
/// breaker: open, then recovering, when a growing share is let through, then closed); and how many
/// requests it tries again at once (Envoy's max_retries).
/// Traefik: pkg/middlewares/circuitbreaker and oxy's cbreaker. Envoy: docs, circuit breaking.
class CircuitBreaker
{
public:
    explicit CircuitBreaker(const CircuitBreaking& rule)
        : m_rule(rule)
    {
    }

    bool isThere() const
    {
        return m_rule.mostRequests > 0 || m_rule.errorRatio < 1 || m_rule.mostRetries > 0;
    }
    /// Why the request is turned away; null where it may come in, which ended() is to be told of.
    const Refusal* refuses(Instant now);
    /// Why a request that failed for the first time is not tried again; null where it is, which
    /// ended() is to be told of.
    const Refusal* refusesRetry();
    /// A request that came in has been answered, and the answer ended so; `retried`: see
    /// refusesRetry().
    void ended(int status, bool retried, Instant now, AnswerEnd end = AnswerEnd::whole);

private:
    enum class State : std::uint8_t
    {
        closed,
        open,
        recovering
    };
    struct Second
    {
        std::int64_t number = -1;
        int requests = 0;
        int errors = 0;
    };

    bool letsThrough(Instant now);
    double errorRatio(Instant now) const;

    CircuitBreaking m_rule;
    int m_inside = 0;
    int m_retrying = 0;
    State m_state = State::closed;
    Instant m_until {}; ///< of the state that is not `closed`
    Instant m_nextLook {};
    int m_allowed = 0; ///< while recovering
    int m_denied = 0;
    std::array<Second, 10> m_seconds {}; ///< the window that errors are counted in
};

} // namespace stickyscope
