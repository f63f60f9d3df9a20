// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/yaml_node.h"

#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// One of Traefik's labels in a compose file.
struct ComposeLabel
{
    std::string key; ///< in small letters, as Traefik compares them
    std::string value; ///< with Compose's variables put in
    std::string place; ///< "compose.yaml:12:9", where it stands
};

/// One service of a compose file that has labels of Traefik's.
struct ComposeService
{
    std::string name;
    std::string place;
    int count = 1; ///< containers: deploy.replicas or scale
    std::vector<ComposeLabel> labels; ///< in the file's order, those below `deploy` last
};

/// What was found, and what could not be read: one line each, with its place.
struct ComposeFile
{
    std::vector<ComposeService> services;
    std::vector<std::string> errors;
};

/// Reads the services of a compose file. `name` is the file's, for the lines.
ComposeFile readComposeFile(std::string_view yaml, std::string_view name);

} // namespace stickyscope
