// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace stickyscope::wire {

/// Whether octets that come piece by piece are UTF-8 (RFC 3629 4), known at the first that is
/// wrong.
class Utf8Check
{
public:
    /// False from the first octet on that cannot be.
    bool take(std::string_view octets);
    /// Whether what was taken ends with a whole character.
    bool whole() const { return m_missing == 0; }

private:
    int m_missing = 0; ///< octets of the character that has begun
    unsigned char m_least = 0x80; ///< what the next of them may be
    unsigned char m_most = 0xBF;
};

} // namespace stickyscope::wire
