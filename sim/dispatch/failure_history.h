// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <vector>

namespace stickyscope {

/// The share of failures among the requests of late, in steps of a second as YARP counts them
/// (TransportFailureRateHealthPolicy.cs, ProxiedRequestHistory).
class FailureHistory
{
public:
    /// Counts one more; the share within `window`, 0 while there are fewer than `least`.
    double add(Instant now, bool failed, Duration window, int least)
    {
        if (!m_hasBegun) {
            m_hasBegun = true;
            m_current.at = now + step;
        } else if (now >= m_current.at) {
            m_past.push_back(m_current);
            m_current = {.at = now + step};
        }
        count(m_current, 1, failed ? 1 : 0);
        count(m_all, 1, failed ? 1 : 0);
        for (; !m_past.empty() && now - m_past.front().at > window; m_past.erase(m_past.begin()))
            count(m_all, -m_past.front().requests, -m_past.front().failures);
        return m_all.requests < least ? 0.0 : 1.0 * m_all.failures / m_all.requests;
    }

private:
    static constexpr Duration step = std::chrono::seconds(1);

    struct Span
    {
        Instant at {}; ///< its end
        int requests = 0;
        int failures = 0;
    };

    static void count(Span& span, int requests, int failures)
    {
        span.requests += requests;
        span.failures += failures;
    }

    std::vector<Span> m_past;
    Span m_current;
    Span m_all;
    bool m_hasBegun = false;
};

} // namespace stickyscope
