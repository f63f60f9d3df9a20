// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/parse.h"
#include "sim/lab/lab_world.h"

#include <string>
#include <vector>

namespace stickyscope::cli {

/// Who balances in a lab, and what its servers put up with.
struct LabOptions
{
    bool real = false;
    std::string path;
    std::vector<std::string> limits; ///< of our balancer: "connections=6000"
    std::vector<std::string> replicaLimits;
};

void addLabOptions(CLI::App& app, LabOptions& options);
/// Writes them where a lab is told of them. One line that says what is wrong, or an empty text.
std::string tellOptions(const LabOptions& options, lab::LabTerms& terms);

} // namespace stickyscope::cli
