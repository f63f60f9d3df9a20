// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/yaml_mapping.h"

#include "sim/formats/time_text.h"
#include "sim/formats/yaml_text.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <variant>

namespace stickyscope {

std::string yaml(const std::string& text)
{
    return yamlScalar(text);
}

std::string yaml(int number)
{
    return std::to_string(number);
}

std::string yaml(std::uint64_t number)
{
    return std::to_string(number);
}

std::string yaml(bool value)
{
    return value ? "true" : "false";
}

std::string yaml(Duration time)
{
    return writeTime(time);
}

std::string yaml(SessionStore store)
{
    return std::string(nameOf(store));
}

std::string yaml(JarKind jar)
{
    return std::string(nameOf(jar));
}

std::string yaml(SendRule rule)
{
    return std::string(nameOf(rule));
}

std::string yaml(SameSite sameSite)
{
    return std::string(nameOf(sameSite));
}

std::string yaml(const SettingValue& value)
{
    if (const auto* flag = std::get_if<bool>(&value))
        return yaml(*flag);
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&value))
        return writeNumber(*number);
    if (const auto* time = std::get_if<Duration>(&value))
        return yaml(*time);
    return yaml(std::get<std::string>(value));
}

std::string yaml(const Distribution& time)
{
    switch (time.shape) {
    case Distribution::Shape::constant:
        return writeTime(time.mean);
    case Distribution::Shape::exponential:
        return "{exponential: " + writeTime(time.mean) + "}";
    case Distribution::Shape::uniform:
        return "{uniform: [" + writeTime(time.least) + ", " + writeTime(time.most) + "]}";
    case Distribution::Shape::lognormal:
        return "{lognormal: {mean: " + writeTime(time.mean) + ", p99: " + writeTime(time.p99)
            + "}}";
    }
    return {};
}

std::string yaml(WallSeconds moment)
{
    const auto days = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss time(moment - days);
    std::array<char, 32> text {};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string listOf(const std::vector<std::string>& texts)
{
    std::string all;
    for (const std::string& text : texts)
        all.append(all.empty() ? "" : ", ").append(yaml(text));
    return "[" + all + "]";
}

} // namespace stickyscope
