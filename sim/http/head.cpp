// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/head.h"

#include <algorithm>
#include <array>

namespace stickyscope::http {

namespace {

char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

bool isIdempotent(std::string_view method)
{
    constexpr std::array<std::string_view, 6> methods {"GET",    "HEAD",    "PUT",
                                                       "DELETE", "OPTIONS", "TRACE"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool equalIgnoringCase(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return a == b || lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text)
{
    const auto isBlank = [](char letter) { return letter == ' ' || letter == '\t'; };
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

void Fields::add(std::string_view name, std::string_view value)
{
    constexpr std::size_t usual = 8;
    if (m_fields.capacity() == 0)
        m_fields.reserve(usual);
    m_fields.push_back({std::string(name), std::string(value)});
}

void Fields::addFirst(std::string_view name, std::string_view value)
{
    m_fields.insert(m_fields.begin(), {std::string(name), std::string(value)});
}

void Fields::set(std::string_view name, std::string_view value)
{
    const auto same = [name](const Field& field) { return equalIgnoringCase(field.name, name); };
    const auto first = std::find_if(m_fields.begin(), m_fields.end(), same);
    if (first == m_fields.end())
        return add(name, value);
    first->value.assign(value);
    m_fields.erase(std::remove_if(first + 1, m_fields.end(), same), m_fields.end());
}

void Fields::remove(std::string_view name)
{
    std::erase_if(m_fields,
                  [name](const Field& field) { return equalIgnoringCase(field.name, name); });
}

void Fields::edit(std::string_view name, const Edit& edit)
{
    for (auto field = m_fields.begin(); field != m_fields.end();) {
        if (!equalIgnoringCase(field->name, name)) {
            ++field;
        } else if (auto value = edit(field->value)) {
            field->value = std::move(*value);
            ++field;
        } else {
            field = m_fields.erase(field);
        }
    }
}

const std::string* Fields::find(std::string_view name) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(), [name](const Field& field) {
        return equalIgnoringCase(field.name, name);
    });
    return found == m_fields.end() ? nullptr : &found->value;
}

std::vector<std::string_view> Fields::all(std::string_view name) const
{
    std::vector<std::string_view> values;
    for (const Field& field : m_fields) {
        if (equalIgnoringCase(field.name, name))
            values.emplace_back(field.value);
    }
    return values;
}

} // namespace stickyscope::http
