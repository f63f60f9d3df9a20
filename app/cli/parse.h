// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

namespace stickyscope::cli {

/// Reads a verb's arguments. An exit status where the verb is to end here: help was shown, or the
/// arguments are wrong, which is said in one line.
std::optional<int> parse(CLI::App& app, int argc, char** argv);

} // namespace stickyscope::cli
