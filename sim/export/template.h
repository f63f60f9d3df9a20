// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace stickyscope {

/// What a template's placeholders and blocks stand for. Whoever gives a text has made it safe for
/// the place where it will stand (safe_text.h): a template changes nothing of it.
class TemplateValues
{
public:
    void set(std::string_view name, std::string text)
    {
        m_texts.insert_or_assign(std::string(name), std::move(text));
    }
    /// One more copy of a block; what it holds hides what stands around it.
    TemplateValues& repeat(std::string_view block)
    {
        return m_blocks[std::string(block)].emplace_back();
    }
    /// A block that stands once, or not at all.
    TemplateValues& showIf(std::string_view block, bool shown);
    /// The block, with a placeholder of its own name, where there is such a text.
    void setIf(std::string_view name, bool given, const std::string& text);

    const std::string* text(std::string_view name) const;
    /// Null where nobody knows a block of this name.
    const std::deque<TemplateValues>* block(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> m_texts;
    std::map<std::string, std::deque<TemplateValues>, std::less<>> m_blocks;
};

/// Fills in a template: {{name}} is replaced by a text, and what stands between {{#name}} and
/// {{/name}} is repeated for each copy of the block, perhaps never. A line with nothing but a
/// block's mark is left out. A name that `values` does not know is an error that says the line.
Outcome<std::string> fillTemplate(std::string_view text, const TemplateValues& values);

} // namespace stickyscope
