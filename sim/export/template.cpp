// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/template.h"

#include <algorithm>
#include <vector>

namespace stickyscope {

namespace {

struct TemplateError
{
    std::string text;
};

// The innermost values come last.
using Scopes = std::vector<const TemplateValues*>;

template <typename Find>
auto innermost(const Scopes& scopes, Find find) -> decltype(find(*scopes.front()))
{
    for (std::size_t left = scopes.size(); left > 0; --left) {
        if (const auto* found = find(*scopes[left - 1]))
            return found;
    }
    return nullptr;
}

class Filling
{
public:
    explicit Filling(std::string_view text)
        : m_text(text)
    {
    }

    std::string all(const TemplateValues& values)
    {
        std::size_t end = m_text.size();
        return part(0, end, {&values});
    }

private:
    struct Mark
    {
        std::size_t begin = 0; ///< of what is replaced, a mark's own line included
        std::size_t end = 0;
        char kind = ' '; ///< '#', '/' or ' '
        std::string_view name;
    };

    [[noreturn]] void fail(std::size_t at, const std::string& sentence) const
    {
        const auto line =
            1 + std::count(m_text.begin(), m_text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        throw TemplateError {"line " + std::to_string(line) + ": " + sentence};
    }

    Mark markAt(std::size_t open) const
    {
        const auto close = m_text.find("}}", open);
        if (close == std::string_view::npos)
            fail(open, "{{ has no }}");
        Mark mark {
            .begin = open, .end = close + 2, .name = m_text.substr(open + 2, close - open - 2)};
        if (!mark.name.starts_with('#') && !mark.name.starts_with('/'))
            return mark;
        mark.kind = mark.name.front();
        mark.name.remove_prefix(1);
        const auto lineBegin = m_text.rfind('\n', open) == std::string_view::npos || open == 0
            ? 0
            : m_text.rfind('\n', open) + 1;
        const auto lineEnd = std::min(m_text.find('\n', mark.end), m_text.size());
        const auto blank = [this](std::size_t from, std::size_t to) {
            return m_text.substr(from, to - from).find_first_not_of(' ') == std::string_view::npos;
        };
        if (blank(lineBegin, open) && blank(mark.end, lineEnd)) {
            mark.begin = lineBegin;
            mark.end = std::min(lineEnd + 1, m_text.size());
        }
        return mark;
    }

    // Where the block that begins before `at` ends.
    Mark endOf(const Mark& begin) const
    {
        int depth = 1;
        for (auto at = m_text.find("{{", begin.end); at != std::string_view::npos;
             at = m_text.find("{{", at + 2)) {
            const Mark mark = markAt(at);
            depth += mark.kind == '#' ? 1 : mark.kind == '/' ? -1 : 0;
            if (depth > 0)
                continue;
            if (mark.name != begin.name)
                fail(at,
                     "{{/" + std::string(mark.name) + "}} ends {{#" + std::string(begin.name)
                         + "}}");
            return mark;
        }
        fail(begin.begin, "{{#" + std::string(begin.name) + "}} has no end");
    }

    std::string part(std::size_t from, std::size_t to, const Scopes& scopes)
    {
        std::string result;
        while (true) {
            const auto open = std::min(m_text.find("{{", from), to);
            if (open >= to)
                return result.append(m_text.substr(from, to - from));
            const Mark mark = markAt(open);
            result.append(m_text.substr(from, mark.begin - from));
            from = mark.end;
            if (mark.kind == ' ') {
                const auto* text = innermost(
                    scopes, [&](const TemplateValues& values) { return values.text(mark.name); });
                if (!text)
                    fail(open, "nobody knows {{" + std::string(mark.name) + "}}");
                result.append(*text);
                continue;
            }
            if (mark.kind == '/')
                fail(open, "{{/" + std::string(mark.name) + "}} ends nothing");
            const Mark end = endOf(mark);
            const auto* copies = innermost(
                scopes, [&](const TemplateValues& values) { return values.block(mark.name); });
            if (!copies)
                fail(open, "nobody knows {{#" + std::string(mark.name) + "}}");
            for (const TemplateValues& copy : *copies) {
                Scopes inner = scopes;
                inner.push_back(&copy);
                result.append(part(mark.end, end.begin, inner));
            }
            from = end.end;
        }
    }

    std::string_view m_text;
};

} // namespace

TemplateValues& TemplateValues::showIf(std::string_view block, bool shown)
{
    auto& copies = m_blocks[std::string(block)];
    return shown ? copies.emplace_back() : *this;
}

void TemplateValues::setIf(std::string_view name, bool given, const std::string& text)
{
    auto& copies = m_blocks[std::string(name)];
    if (given)
        copies.emplace_back().set(name, text);
}

const std::string* TemplateValues::text(std::string_view name) const
{
    const auto found = m_texts.find(name);
    return found == m_texts.end() ? nullptr : &found->second;
}

const std::deque<TemplateValues>* TemplateValues::block(std::string_view name) const
{
    const auto found = m_blocks.find(name);
    return found == m_blocks.end() ? nullptr : &found->second;
}

Outcome<std::string> fillTemplate(std::string_view text, const TemplateValues& values)
{
    try {
        return Filling(text).all(values);
    } catch (const TemplateError& error) {
        return Outcome<std::string>::failure(error.text);
    }
}

} // namespace stickyscope
