// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/stream.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stickyscope::lab {

/// Octets on their way into a stream that takes them in its own time.
class Outbox
{
public:
    using Clock = std::chrono::steady_clock;

    /// To add to it.
    std::string& text() { return m_text; }
    void add(std::string_view octets) { m_text += octets; }
    std::size_t waiting() const { return m_text.size() - m_sent; }
    /// Writes what the stream takes now, and has it say when it takes more; false: it is broken.
    bool flush(wire::Stream& stream);
    /// Since when the stream has taken nothing of what waits, however much was added meanwhile;
    /// nothing where nothing waits.
    std::optional<Clock::time_point> stuckSince() const { return m_stuckSince; }
    /// As a body's chunk (RFC 9112 7.1); of an empty piece nothing, which would end the body.
    void addChunk(std::string_view piece);
    void clear();

private:
    std::string m_text;
    std::size_t m_sent = 0;
    std::optional<Clock::time_point> m_stuckSince;
    bool m_watches = false;
};

} // namespace stickyscope::lab
