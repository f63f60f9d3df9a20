// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stage/dot_scale.h"

namespace stickyscope {

namespace {

// Going back to more dots takes some room to spare, or a crowd at the edge would come and go.
constexpr std::size_t comfortable = DotScale::mostDots * 4 / 5;

// 1, 2, 5, 10, 20, 50, ...
std::uint32_t coarser(std::uint32_t scale)
{
    std::uint32_t digit = scale;
    while (digit >= 10)
        digit /= 10;
    return digit == 2 ? scale / 2 * 5 : scale * 2;
}

std::uint32_t scaleFor(std::size_t requests, std::size_t dots)
{
    std::uint32_t scale = 1;
    while (requests > dots * scale)
        scale = coarser(scale);
    return scale;
}

} // namespace

void DotScale::update(std::size_t requests)
{
    const std::uint32_t needed = scaleFor(requests, mostDots);
    const std::uint32_t finer = scaleFor(requests, comfortable);
    m_finerFits = finer < m_requestsPerDot ? m_finerFits + 1 : 0;
    if (needed > m_requestsPerDot)
        m_requestsPerDot = needed;
    else if (m_finerFits >= patience)
        m_requestsPerDot = finer;
    else
        return;
    m_finerFits = 0;
}

// The multiples of a quadratic irrational, modulo 1, are spread as evenly as any (Kuipers and
// Niederreiter, "Uniform distribution of sequences", 2.3), and so are every second or third of
// them: those that take one way under round robin. Clients go by the golden section, a client's
// requests by the square root of 2. A hash would be even only on average.
bool DotScale::draws(ClientIndex client, std::uint32_t ordinal) const
{
    constexpr std::uint32_t ofClient = 2654435769U; // 2^32 * 0.6180...
    constexpr std::uint32_t ofOrdinal = 1779033704U; // 2^32 * 0.4142...
    const std::uint32_t place = raw(client) * ofClient + ordinal * ofOrdinal;
    return place <= UINT32_MAX / m_requestsPerDot;
}

} // namespace stickyscope
