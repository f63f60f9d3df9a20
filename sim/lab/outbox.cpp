// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/outbox.h"

#include <array>
#include <charconv>

namespace stickyscope::lab {

namespace {

// Beyond it memory is given back, as most connections never need so much again.
constexpr std::size_t kept = std::size_t {64} << 10U;

} // namespace

bool Outbox::flush(wire::Stream& stream)
{
    bool moved = !m_stuckSince;
    while (waiting() > 0) {
        const long sent = stream.write(std::string_view(m_text).substr(m_sent));
        if (sent < 0)
            return false;
        if (sent == 0)
            break;
        m_sent += static_cast<std::size_t>(sent);
        moved = true;
    }
    if (waiting() == 0) {
        clear();
    } else {
        if (moved)
            m_stuckSince = Clock::now();
        if (m_sent > kept) {
            m_text.erase(0, m_sent);
            m_sent = 0;
        }
    }
    if (const bool watch = waiting() > 0; watch != m_watches) {
        m_watches = watch;
        stream.watchWriting(watch);
    }
    return true;
}

void Outbox::addChunk(std::string_view piece)
{
    if (piece.empty())
        return;
    std::array<char, 16> digits {};
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
    m_text.append(digits.data(), end).append("\r\n").append(piece).append("\r\n");
}

void Outbox::clear()
{
    m_text.clear();
    m_sent = 0;
    m_stuckSince.reset();
    if (m_text.capacity() > kept)
        std::string().swap(m_text);
}

} // namespace stickyscope::lab
