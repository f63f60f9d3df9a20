// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/sticky_finder.h"

namespace stickyscope::live {

namespace {

constexpr std::size_t mostRemembered = 200;

}

void StickyFinder::sees(const std::string& name, const std::string& value)
{
    if (m_looks && m_name.empty() && fingerprintOf(name, value))
        m_name = name;
}

void StickyFinder::saw(SeenCookie cookie)
{
    if (!m_looks || !m_name.empty() || m_seen.size() >= mostRemembered)
        return;
    m_seen.push_back(std::move(cookie));
    if (const auto proposal = proposeSticky(m_seen))
        m_name = proposal->name;
}

} // namespace stickyscope::live
