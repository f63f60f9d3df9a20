// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/utf8_check.h"

#include <algorithm>

namespace stickyscope::wire {

bool Utf8Check::take(std::string_view octets)
{
    return std::all_of(octets.begin(), octets.end(), [this](char letter) {
        const auto octet = static_cast<unsigned char>(letter);
        if (m_missing > 0) {
            if (octet < m_least || octet > m_most)
                return false;
            --m_missing;
            m_least = 0x80;
            m_most = 0xBF;
            return true;
        }
        if (octet < 0x80)
            return true;
        if (octet < 0xC2 || octet > 0xF4)
            return false;
        m_missing = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
        // No overlong forms, no surrogates, nothing beyond U+10FFFF.
        if (octet == 0xE0)
            m_least = 0xA0;
        if (octet == 0xED)
            m_most = 0x9F;
        if (octet == 0xF0)
            m_least = 0x90;
        if (octet == 0xF4)
            m_most = 0x8F;
        return true;
    });
}

} // namespace stickyscope::wire
