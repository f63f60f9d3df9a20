// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/parse.h"

#include <optional>
#include <string>

namespace stickyscope::cli {

/// Who balances in a lab.
struct LabOptions
{
    bool real = false;
    std::string path;

    /// As LabTerms has it: nothing where the balancer is ours.
    std::optional<std::string> program() const
    {
        return real || !path.empty() ? std::optional(path) : std::nullopt;
    }
};

void addLabOptions(CLI::App& app, LabOptions& options);

} // namespace stickyscope::cli
