// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stickyscope {

/// One node of a YAML document, with its place in the file (both from 1).
struct YamlNode
{
    enum class Kind : std::uint8_t { scalar, sequence, mapping };

    Kind kind = Kind::scalar;
    bool plain = false; ///< a scalar without quotes, which may mean a number or null
    std::size_t line = 1;
    std::size_t column = 1;
    std::string text; ///< of a scalar
    std::vector<YamlNode> items; ///< of a sequence
    std::vector<std::pair<YamlNode, YamlNode>> entries; ///< of a mapping; keys are scalars

    bool isNull() const;
};

/// Reads one document. Depth, number of nodes, duplicate keys, tags and aliases are checked while
/// it is read, so that no input takes more than its own size in memory. The error begins with
/// "line:column: ".
Outcome<YamlNode> parseYaml(std::string_view text);

/// The place of the first octet that is not UTF-8, or npos.
std::size_t firstNotUtf8(std::string_view text);

}
