// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// Encrypted cookies, where nobody says how they are: base 64 that tells nothing, of the plain
/// text's length, and what matters of it: without the key nobody reads or makes one. Texts that
/// differ in one octet look quite different. Not meant to keep anybody's secret.
std::string seal(std::string_view key, const std::string& plain);
/// Absent where the value was not made with this key.
std::optional<std::string> unseal(std::string_view key, std::string_view value);

/// "0a" for the octet 10 and on; whole octets alone.
std::string octetsOf(std::string_view hexDigits);

} // namespace stickyscope
