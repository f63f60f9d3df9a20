// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::test {

/// Writes HTTP/1.1 messages by chance, the same for the same seed everywhere: good ones, and such
/// as have been damaged in up to three places.
class GeneratedMessages
{
public:
    explicit GeneratedMessages(std::uint64_t seed)
        : m_chance(seed)
    {
    }

    std::string request();
    std::string response();
    std::string damaged(std::string message);

    /// True once in so many times.
    bool once(std::size_t times) { return below(times) == 0; }

private:
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(m_chance() % bound); }
    template <typename Items>
    std::string_view oneOf(const Items& items)
    {
        return items.at(below(items.size()));
    }
    std::string word(std::string_view letters, std::size_t longest);
    std::string field();
    std::string framedBody(std::string& fields);
    std::string chunks();

    std::mt19937_64 m_chance;
};

} // namespace stickyscope::test
