// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/message_limits.h"

#include <cstdint>
#include <string_view>

namespace stickyscope::wire {

/// Takes the chunks of a body apart (RFC 9112 7.1), with no mercy on what peers may read in two
/// ways: bare CR or LF anywhere, blanks around a size, signs, prefixes. Extensions and trailers
/// are checked, counted and dropped.
class ChunkedBody
{
public:
    enum class Step : std::uint8_t
    {
        needsMore,
        piece,
        end,
        malformed
    };

    /// `rest` is all that is there and not used() before.
    Step next(std::string_view rest, const MessageLimits& limits);

    std::size_t used() const { return m_used; } ///< of the last `rest`
    std::string_view piece() const { return m_piece; } ///< a part of the last `rest`
    std::string_view why() const { return m_why; }

private:
    enum class State : std::uint8_t
    {
        size,
        data,
        dataEnd,
        trailer
    };

    Step refuse(std::string_view why);
    Step takeLine(std::string_view text, std::string_view& line, const MessageLimits& limits);
    Step understand(std::string_view line, const MessageLimits& limits);
    bool sizeLine(std::string_view line, const MessageLimits& limits);

    std::string_view m_piece;
    std::string_view m_why;
    std::size_t m_used = 0;
    std::uint64_t m_left = 0; ///< of this chunk's data
    std::size_t m_extensions = 0; ///< octets of all of them so far
    std::size_t m_trailer = 0; ///< likewise
    State m_state = State::size;
};

} // namespace stickyscope::wire
