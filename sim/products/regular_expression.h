// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace stickyscope {

/// A regular expression as Perl, nginx and OpenResty have them (PCRE2), on octets.
class RegularExpression
{
public:
    /// One that is not right finds nothing; fault() says why.
    explicit RegularExpression(std::string_view pattern);

    /// Whether it fits somewhere in the text. One that would take too long does not.
    bool finds(std::string_view text) const;
    /// What is wrong with it, and where: "missing closing parenthesis, behind 'a(b'"; or nothing.
    const std::string& fault() const { return m_fault; }

private:
    struct Code;

    std::shared_ptr<const Code> m_code; ///< null where it is not right
    std::string m_fault;
};

/// Likewise, for a pattern that is asked again and again.
bool findsPattern(const std::string& pattern, std::string_view text);

} // namespace stickyscope
