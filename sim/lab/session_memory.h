// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

namespace stickyscope::lab {

/// What a replica keeps of its users in memory, and loses when it stops: who is logged in, with a
/// cart, by names that cannot be guessed, and the sessions of our own clients.
class SessionMemory
{
public:
    static constexpr std::size_t mostSessions = 100'000; ///< of either kind; the oldest goes first

    struct Cart
    {
        std::string user;
        int items = 0;
    };
    struct Found
    {
        SessionMark mark = SessionMark::begins;
        std::string name; ///< of the session that goes on, or that begins; else empty
    };

    explicit SessionMemory(SessionStore store)
        : m_store(store)
    {
    }

    /// The session that a request of ours belongs to; "new" where it has none yet: then `fresh` is
    /// begun. So it is for who names one that is not known, unless that is refused.
    Found meet(std::string_view name, std::string fresh, bool refuses);
    /// It has ended.
    void forget(const std::string& name) { m_sessions.erase(name); }

    /// A name that nobody can guess.
    std::string newName();
    /// The new login's name.
    std::string logIn(const std::string& user);
    /// Null where it is not known.
    Cart* find(std::string_view login);
    void logOut(std::string_view login);

    void clear();

private:
    SessionStore m_store;
    std::uint64_t m_count = 0;
    std::unordered_set<std::string> m_sessions;
    std::deque<std::string> m_sessionAges;
    std::map<std::string, Cart, std::less<>> m_logins;
    std::deque<std::string> m_loginAges;
};

} // namespace stickyscope::lab
