// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "sim/model/settings.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stickyscope {

// A value as a scenario file has it; reading it gives the value back.
std::string yaml(const std::string& text);
std::string yaml(int number);
std::string yaml(std::uint64_t number);
std::string yaml(bool value);
std::string yaml(Duration time);
std::string yaml(SessionStore store);
std::string yaml(JarKind jar);
std::string yaml(SendRule rule);
std::string yaml(SameSite sameSite);
std::string yaml(const SettingValue& value);
std::string yaml(const Distribution& time);
std::string yaml(WallSeconds moment);

/// A list on one line.
std::string listOf(const std::vector<std::string>& texts);

/// A mapping whose values are YAML already.
class Mapping
{
public:
    void put(std::string_view key, std::string value)
    {
        m_entries.emplace_back(key, std::move(value));
    }
    template <typename Value>
    void putIfNot(const Value& usual, std::string_view key, const Value& value)
    {
        if (value != usual)
            put(key, yaml(value));
    }

    bool empty() const { return m_entries.empty(); }

    std::string flow() const
    {
        std::string text;
        for (const auto& [key, value] : m_entries)
            text.append(text.empty() ? "" : ", ").append(key).append(": ").append(value);
        return "{" + text + "}";
    }

    std::string block(const std::string& indent) const
    {
        std::string text;
        for (const auto& [key, value] : m_entries)
            text.append(indent).append(key).append(": ").append(value).append("\n");
        return text;
    }

private:
    std::vector<std::pair<std::string, std::string>> m_entries;
};

} // namespace stickyscope
