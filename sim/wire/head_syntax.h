// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

// What the words of a message's head may be made of (RFC 9110 5.6, RFC 3986 3.2).
namespace stickyscope::wire {

constexpr bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

bool isToken(std::string_view text);
/// An address's host and port, without a user's name.
bool isAuthority(std::string_view text);
/// RFC 9110 5.5: visible, blank, tab, or beyond ASCII.
bool isFieldValue(std::string_view text);
/// "Name: value", with a token for its name, and not folded.
bool isFieldLine(std::string_view line);
/// What stands behind a chunk's size (RFC 9112 7.1.1): ";name", ";name=value", ";name=\"value\"",
/// any number of them, without blanks around their marks.
bool isChunkExtension(std::string_view text);

} // namespace stickyscope::wire
