// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// One node of a YAML document, with its place in the file (both from 1). Small, because a file
/// may hold millions.
struct YamlNode
{
    enum class Kind : std::uint8_t
    {
        scalar,
        sequence,
        mapping
    };

    Kind kind = Kind::scalar;
    bool plain = false; ///< a scalar without quotes, which may mean a number or null
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    std::string text; ///< of a scalar
    /// Of a sequence its items; of a mapping its keys, which are scalars, each before its value.
    std::vector<YamlNode> children;

    bool isNull() const;
    std::size_t entries() const { return children.size() / 2; }
    const YamlNode& key(std::size_t entry) const { return children[2 * entry]; }
    const YamlNode& value(std::size_t entry) const { return children[2 * entry + 1]; }
    /// The value of this key; null where there is none.
    const YamlNode* find(std::string_view key) const;
    bool has(std::string_view key) const { return find(key) != nullptr; }
};

/// Reads one document. Depth, number of nodes, duplicate keys, tags and aliases are checked while
/// it is read, so that no input takes more than its own size in memory. The error begins with
/// "line:column: ".
Outcome<YamlNode> parseYaml(std::string_view text);

/// The place of the first octet that is not UTF-8, or npos.
std::size_t firstNotUtf8(std::string_view text);

} // namespace stickyscope
