// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/sticky_cookie.h"

#include <string>
#include <vector>

namespace stickyscope::live {

/// Knows which cookie of a service is the sticky one: as the user says, or found from what its
/// answers set, while they come.
class StickyFinder
{
public:
    explicit StickyFinder(std::string given)
        : m_name(std::move(given))
    {
    }
    /// There is none, whatever cookies are set.
    static StickyFinder ofNone()
    {
        StickyFinder finder {std::string()};
        finder.m_looks = false;
        return finder;
    }

    /// Empty while nobody knows.
    const std::string& name() const { return m_name; }
    bool is(std::string_view name) const { return !m_name.empty() && m_name == name; }
    /// A Set-Cookie, before anybody knows who answered.
    void sees(const std::string& name, const std::string& value);
    /// And when it is known.
    void saw(SeenCookie cookie);

private:
    std::string m_name;
    bool m_looks = true;
    std::vector<SeenCookie> m_seen;
};

} // namespace stickyscope::live
