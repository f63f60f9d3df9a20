// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace stickyscope::lab {

/// All of a file; what there is of it where it cannot be read to its end, as those of a process
/// that ends meanwhile (proc(5)).
std::string textOf(const std::filesystem::path& path);

/// What a text begins with; 0 where that is no number, or a larger one than there is.
std::uint64_t numberIn(std::string_view text);

} // namespace stickyscope::lab
