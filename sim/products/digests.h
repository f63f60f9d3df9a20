// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace stickyscope {

/// In lower-case hexadecimal digits.
std::string sha256Hex(std::string_view text);
std::string sha1Hex(std::string_view text);
/// FNV-1, 64 bits, without leading zeros (Go: fnv.New64 and strconv.FormatUint).
std::string fnv1Hex(std::string_view text);

} // namespace stickyscope
