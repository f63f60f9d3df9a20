// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace stickyscope {

/// The largest file that is read, in octets; one error line speaks of it as 64 MiB.
inline constexpr std::uintmax_t largestTextFile = std::uintmax_t {64} << 20U;

/// A file's contents. `shown` is what the error line calls it: "cookies.txt: there is no such
/// file", "...: the file is larger than 64 MiB", "...: the file cannot be read".
Outcome<std::string> readTextFile(const std::filesystem::path& path, const std::string& shown);

} // namespace stickyscope
