// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// Each text of an experiment once, so that an observation can be a flat record of numbers.
/// Numbers are given in the order of first use; texts are never removed.
class TextTable
{
public:
    TextTable();

    TextId intern(std::string_view text);
    /// Gives a text the number that it had in another table, whose texts may since have become
    /// alike. Numbers between are empty texts.
    void restore(TextId id, std::string_view text);
    /// Empty for a number that was never given. Stays where it is, for copies of the table too.
    const std::string& text(TextId id) const;
    std::size_t size() const { return m_texts.size(); }

private:
    // Shared by the copies of a table: a view of a text is good for as long as one of them lives.
    std::map<std::string_view, TextId> m_ids;
    std::vector<std::shared_ptr<const std::string>> m_texts;
};

} // namespace stickyscope
