// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace stickyscope {

namespace {

struct Unit
{
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr std::array<Unit, 6> units {{{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

const Unit* findUnit(std::string_view name)
{
    const auto* found = std::find_if(units.begin(), units.end(),
                                     [name](const Unit& unit) { return unit.name == name; });
    return found == units.end() ? nullptr : found;
}

// Digits, and perhaps a point and digits; the rest is returned.
std::optional<std::string_view> takeDecimal(std::string_view text, double& number)
{
    const auto digits = [&](std::size_t from) {
        while (from < text.size() && text[from] >= '0' && text[from] <= '9')
            ++from;
        return from;
    };
    std::size_t end = digits(0);
    if (end == 0)
        return std::nullopt;
    if (end < text.size() && text[end] == '.') {
        const std::size_t after = digits(end + 1);
        if (after == end + 1)
            return std::nullopt;
        end = after;
    }
    std::from_chars(text.data(), text.data() + end, number);
    return text.substr(end);
}

} // namespace

std::optional<Duration> readTime(std::string_view text)
{
    double number = 0;
    const auto rest = takeDecimal(text, number);
    const Unit* unit = rest ? findUnit(*rest) : nullptr;
    if (!unit)
        return std::nullopt;
    const double nanoseconds = number * static_cast<double>(unit->nanoseconds);
    return nanoseconds < 9e18 ? std::optional(Duration {std::llround(nanoseconds)})
                              : Duration::max();
}

std::string writeTime(Duration time)
{
    std::size_t index = units.size() - 1;
    while (index > 0 && time.count() % units.at(index).nanoseconds != 0)
        --index;
    return std::to_string(time.count() / units.at(index).nanoseconds)
        + std::string(units.at(index).name);
}

std::optional<Duration> readRate(std::string_view text)
{
    double number = 0;
    const auto rest = takeDecimal(text, number);
    const Unit* unit = rest && rest->starts_with('/') ? findUnit(rest->substr(1)) : nullptr;
    const double gap = unit ? static_cast<double>(unit->nanoseconds) / number : 0;
    if (!(gap >= 1000 && gap <= static_cast<double>(longestTime.count())))
        return std::nullopt;
    return Duration {std::llround(gap)};
}

} // namespace stickyscope
