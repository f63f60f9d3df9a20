// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/text_table.h"

namespace stickyscope {

TextTable::TextTable()
{
    intern({});
}

TextId TextTable::intern(std::string_view text)
{
    if (const auto known = m_ids.find(text); known != m_ids.end())
        return known->second;
    const auto id = static_cast<TextId>(m_texts.size());
    m_texts.push_back(std::make_shared<const std::string>(text));
    m_ids.emplace(*m_texts.back(), id);
    return id;
}

void TextTable::restore(TextId id, std::string_view text)
{
    if (raw(id) >= m_texts.size())
        m_texts.resize(raw(id) + 1, m_texts.front());
    m_texts[raw(id)] = std::make_shared<const std::string>(text);
    m_ids.emplace(*m_texts[raw(id)], id);
}

const std::string& TextTable::text(TextId id) const
{
    return raw(id) < m_texts.size() ? *m_texts[raw(id)] : *m_texts.front();
}

} // namespace stickyscope
