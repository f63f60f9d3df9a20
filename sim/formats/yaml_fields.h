// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/yaml_node.h"
#include "sim/model/chance.h"
#include "sim/model/instant.h"

#include <functional>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// One line for the user, "line:column: path must be ..., not ...". Thrown within a parser, and
/// caught by the function that the parser offers.
struct FieldError
{
    std::string text;
};

/// A node and how one gets there: "replicas[1].weight".
class Place
{
public:
    Place(const YamlNode& node, std::string path)
        : m_node(&node)
        , m_path(std::move(path))
    {
    }

    const YamlNode& node() const { return *m_node; }
    const std::string& path() const { return m_path; }
    Place item(std::size_t index) const;
    Place entry(std::size_t index) const;

    /// "... must be 0 to 1000, not -3"
    [[noreturn]] void mustBe(std::string_view allowed) const;
    [[noreturn]] void fail(const std::string& sentence) const;

    // Each throws FieldError where the node is something else, or out of range.
    std::string text(std::size_t longest) const;
    std::string name() const; ///< letters, digits, '.', '_' and '-'; at most 63
    std::string newName(std::set<std::string>& seen) const; ///< that is not among `seen` yet
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    double number(double least, double most) const; ///< in decimal digits, perhaps with a point
    int whole(int least, int most) const; ///< an integer in the size that most settings have
    bool boolean() const;
    Duration duration(Duration least, Duration most) const;
    /// "0.5/s": the mean time between two.
    Duration rate() const;
    Distribution distribution() const;
    /// The place of the text among `words`.
    std::size_t oneOf(std::span<const std::string_view> words) const;
    std::size_t oneOf(std::initializer_list<std::string_view> words) const
    {
        return oneOf(std::span(words.begin(), words.size()));
    }
    std::vector<Place> items(std::size_t least, std::size_t most) const;

    struct Field
    {
        std::string_view key;
        std::function<void(const Place&)> read;
        bool required = false;
        bool named = true; ///< among those that are known, where a key is not
    };
    /// Reads a mapping: each key by its field; an unknown one is an error that names the known.
    void fields(const std::vector<Field>& fields) const;

private:
    std::string shown() const;

    const YamlNode* m_node;
    std::string m_path;
};

} // namespace stickyscope
