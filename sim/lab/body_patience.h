// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace stickyscope::lab {

/// How long a client may still take for the body of its request: for a pause, and for all of its
/// pauses together no longer than that and one second for each `rate` octets that it has brought.
/// So one that sends an octet a second is found too slow. Time in which nobody reads it is not its
/// own. As Apache's RequestReadTimeout counts (mod_reqtimeout, body=20,MinRate=500).
class BodyPatience
{
public:
    using Clock = std::chrono::steady_clock;

    BodyPatience() = default; ///< it has none
    BodyPatience(std::chrono::milliseconds pause, std::uint64_t rate)
        : m_pause(pause)
        , m_rate(rate)
    {
    }

    /// It is waited for, from now on at the latest; until when.
    Clock::time_point waits(Clock::time_point now)
    {
        m_since = m_since.value_or(now);
        const Clock::duration earned =
            std::chrono::milliseconds(static_cast<std::int64_t>(m_octets * 1000 / m_rate));
        return *m_since + std::min<Clock::duration>(m_pause, m_pause + earned - m_waited);
    }

    /// So many octets have come.
    void came(std::uint64_t octets, Clock::time_point now)
    {
        m_octets += octets;
        if (m_since)
            m_waited += now - *m_since;
        m_since.reset();
    }

private:
    std::chrono::milliseconds m_pause {};
    std::uint64_t m_rate = 1; ///< octets a second
    std::uint64_t m_octets = 0;
    Clock::duration m_waited {};
    std::optional<Clock::time_point> m_since;
};

} // namespace stickyscope::lab
