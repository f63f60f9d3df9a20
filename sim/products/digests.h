// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stickyscope {

/// In lower-case hexadecimal digits.
std::string sha256Hex(std::string_view text);
std::string sha1Hex(std::string_view text);
std::string md5Hex(std::string_view text);
std::string hmacSha256Hex(std::string_view key, std::string_view text);
std::string hmacSha1Hex(std::string_view key, std::string_view text);
std::string hmacMd5Hex(std::string_view key, std::string_view text);
/// FNV-1, 64 bits, without leading zeros (Go: fnv.New64 and strconv.FormatUint).
std::string fnv1Hex(std::string_view text);
/// XXH64 with seed 0.
std::uint64_t xxHash64(std::string_view text);
/// Lower-case digits, with leading zeros up to `width`.
std::string hexOf(std::uint64_t number, std::size_t width);

/// With padding; RFC 4648, section 4.
std::string base64(std::string_view octets);
/// Absent where the text is no base 64 with padding.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace stickyscope
