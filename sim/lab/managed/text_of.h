// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace stickyscope::lab {

/// All of a file; what there is of it where it cannot be read to its end, as those of a process
/// that ends meanwhile (proc(5)).
std::string textOf(const std::filesystem::path& path);

} // namespace stickyscope::lab
