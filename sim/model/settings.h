// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace stickyscope {

using SettingValue = std::variant<bool, std::int64_t, double, Duration, std::string>;

/// What a product lets people set beyond what all have. Holds what was given, no defaults: these
/// stand where a setting is used. Each product's row says which settings it has.
class Settings
{
public:
    Settings() = default;
    Settings(std::initializer_list<std::pair<const std::string, SettingValue>> given)
        : m_values(given)
    {
    }

    void set(std::string_view key, SettingValue value)
    {
        m_values.insert_or_assign(std::string(key), std::move(value));
    }
    void remove(std::string_view key)
    {
        if (const auto found = m_values.find(key); found != m_values.end())
            m_values.erase(found);
    }

    bool flag(std::string_view key, bool usual = false) const { return get(key, usual); }
    std::int64_t whole(std::string_view key, std::int64_t usual) const { return get(key, usual); }
    double number(std::string_view key, double usual) const { return get(key, usual); }
    /// Zero where it was not given, unless `usual` says otherwise.
    Duration time(std::string_view key, Duration usual = {}) const { return get(key, usual); }
    std::string text(std::string_view key, std::string usual = {}) const
    {
        return get(key, std::move(usual));
    }

    bool has(std::string_view key) const { return m_values.find(key) != m_values.end(); }
    bool empty() const { return m_values.empty(); }
    auto begin() const { return m_values.begin(); }
    auto end() const { return m_values.end(); }

    bool operator==(const Settings&) const = default;

private:
    template <typename Value>
    Value get(std::string_view key, Value usual) const
    {
        const auto found = m_values.find(key);
        if (found == m_values.end())
            return usual;
        const Value* value = std::get_if<Value>(&found->second);
        return value ? *value : usual;
    }

    std::map<std::string, SettingValue, std::less<>> m_values;
};

} // namespace stickyscope
