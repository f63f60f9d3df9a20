// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// A scenario, or what is wrong with the file: one line each, with its place. Traefik leaves out a
/// container with one bad label; so a file with any gives no scenario.
struct ComposeImport
{
    std::optional<Scenario> scenario;
    std::vector<std::string> errors;
    std::vector<std::string> notes; ///< what is read, but surprises; one line each
};

/// Makes a scenario of the services of a compose file that stand behind one service of Traefik's,
/// with a group of browsers for clients. `name` is the file's, for lines and title; `service` is
/// needed where the labels name several.
ComposeImport importCompose(std::string_view yaml, std::string_view name,
                            std::string_view service = {});

} // namespace stickyscope
